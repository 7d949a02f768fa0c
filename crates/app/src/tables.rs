//! Which columns a table has, before anything of it is stored.

use crate::app::App;
use pllm_core::converter::{ConvertOptions, TableColumn, TableReading};
use pllm_core::{CancelFlag, Error, ErrorKind, Limits, Result};

impl App {
    /// The columns of the table `name` with content `bytes`, in its order, with some of their values. Nothing is stored.
    ///
    /// # Errors
    /// `Unsupported` when it is no table; `InvalidInput` when it is damaged or has no rows; `TooLarge` as for an ingest.
    pub async fn columns(&self, name: &str, bytes: &[u8]) -> Result<Vec<TableColumn>> {
        let limits = Limits { max_input_bytes: self.config.max_file_bytes, ..Limits::default() };
        let options = ConvertOptions { limits, tables: TableReading::Columns, ..ConvertOptions::default() };
        let (mut sink, cancel) = (crate::ingest::Converted::default(), CancelFlag::default());
        let conversion = self.conversions.convert((name, bytes), &options, &mut sink, &cancel).await;
        let columns = conversion.outcome?.columns;
        if columns.is_empty() {
            let message = "the file is no table: it has no rows whose columns have names";
            return Err(Error::new(ErrorKind::Unsupported, "app.columns", message));
        }
        Ok(columns)
    }
}
