//! How far the files of a job are, between two times that it is written down.

use crate::metadata::{FileProgress, FileStage};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files that are being worked on.
#[derive(Debug, Default)]
pub(crate) struct Meters(Mutex<BTreeMap<u32, Meter>>);

#[derive(Debug)]
struct Meter {
    progress: FileProgress,
    is_news: bool,
}

impl Meters {
    /// A file's next stage begins.
    pub(super) fn stage(&self, number: u32, stage: FileStage) {
        let begun =
            || Meter { progress: FileProgress { number, stage, bytes_done: 0, documents: 0 }, is_news: true };
        let mut meters = self.lock();
        let meter = meters.entry(number).or_insert_with(begun);
        meter.progress.stage = stage;
        meter.is_news = true;
    }

    /// A part of a file is done.
    pub(super) fn advance(&self, number: u32, bytes: u64, documents: u64) {
        if let Some(meter) = self.lock().get_mut(&number) {
            meter.progress.bytes_done += bytes;
            meter.progress.documents += documents;
            meter.is_news = true;
        }
    }

    /// A file ended.
    pub(super) fn end(&self, number: u32) {
        self.lock().remove(&number);
    }

    /// What changed since the last call.
    pub(super) fn news(&self) -> Vec<FileProgress> {
        let mut meters = self.lock();
        let news = meters.values_mut().filter(|meter| meter.is_news);
        news.map(|meter| {
            meter.is_news = false;
            meter.progress
        })
        .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Meter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let meters = Meters::default();
        meters.stage(3, FileStage::Convert);
        meters.stage(1, FileStage::Convert);
        assert_eq!(meters.news().iter().map(|file| file.number).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(meters.news(), []);
        meters.stage(3, FileStage::Index);
        meters.advance(3, 10, 2);
        meters.advance(3, 5, 1);
        meters.advance(9, 5, 1);
        let expected = FileProgress { number: 3, stage: FileStage::Index, bytes_done: 15, documents: 3 };
        assert_eq!(meters.news(), [expected]);
        meters.advance(1, 1, 0);
        meters.end(1);
        assert_eq!(meters.news(), [], "how it ended is told elsewhere");
    }
}
