//! The columns of a table as JSON.

use pllm_core::converter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The columns of a table, and what they are where nobody chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableColumns {
    /// Every column, in the file's order.
    pub columns: Vec<TableColumn>,
    /// What an ingest makes of them without any choice.
    pub proposed: ProposedColumns,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// Up to five of its values, cut where they are long.
    pub samples: Vec<String>,
}

/// Columns in their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedColumns {
    /// Those whose `column: value` lines are the text.
    pub content: Vec<String>,
    /// Those to filter by.
    pub meta: Vec<String>,
    /// The one that tells rows apart; none = the row's number.
    pub id: Option<String>,
}

impl TableColumns {
    /// Columns as JSON.
    #[must_use]
    pub fn new(columns: &[converter::TableColumn]) -> Self {
        let names = |columns: Vec<&converter::TableColumn>| columns.iter().map(|c| c.name.clone()).collect();
        let proposed = ProposedColumns {
            content: names(columns.iter().collect()),
            meta: names(columns.iter().filter(|column| column.is_meta).collect()),
            id: None,
        };
        let column = |column: &converter::TableColumn| TableColumn {
            name: column.name.clone(),
            samples: column.samples.clone(),
        };
        Self { columns: columns.iter().map(column).collect(), proposed }
    }
}
