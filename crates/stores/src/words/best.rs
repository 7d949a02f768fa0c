//! Which of many scored slots are the best? Highest score first, ties in the order of ids.

use super::slots::Slots;
use std::cmp::Ordering;

/// A score and the slot that has it.
pub(crate) type Hit = (f64, u32);

/// The best `count` of `hits`, sorted. Linear in the hits, but for the sorting of the best.
pub(crate) fn best(mut hits: Vec<Hit>, count: usize, slots: &Slots) -> Vec<Hit> {
    let order =
        |a: &Hit, b: &Hit| -> Ordering { b.0.total_cmp(&a.0).then_with(|| slots.id(a.1).cmp(slots.id(b.1))) };
    if count == 0 {
        return Vec::new();
    }
    if hits.len() > count {
        hits.select_nth_unstable_by(count - 1, order);
        hits.truncate(count);
    }
    hits.sort_unstable_by(order);
    hits
}
