//! The order in which the pieces of a page are read: columns one after the other, what spans them before and after.

use super::segments::Segment;

/// Groups of pieces that are read line by line, in reading order. `right_to_left` is whether columns are read that way.
pub(super) fn order(segments: &[Segment], right_to_left: bool) -> Vec<Vec<usize>> {
    let mut order = Order { segments, right_to_left, found: Vec::new() };
    order.cut((0..segments.len()).collect(), MOST_CUTS);
    order.found
}

/// Columns within columns, at most.
const MOST_CUTS: usize = 12;
/// So many sizes a line may reach into the gap, with a quotation mark for example, and is still beside it: where no line
/// does, one that does is none of the columns'.
const HANGS: [f32; 2] = [0.45, 0.1];
/// Places that are tried for the gap between two columns.
const MOST_PLACES: usize = 40;

struct Order<'a> {
    segments: &'a [Segment],
    right_to_left: bool,
    found: Vec<Vec<usize>>,
}

/// Pieces between two that cross the gap.
#[derive(Debug, Default)]
struct Zone {
    left: Vec<usize>,
    right: Vec<usize>,
    /// What is read after both: lines below the right column that are far from the left one's text.
    after: Vec<usize>,
}

impl Order<'_> {
    fn cut(&mut self, items: Vec<usize>, depth: usize) {
        let best = if depth == 0 { None } else { self.best_gap(&items) };
        let Some((gap, hang)) = best else {
            if !items.is_empty() {
                self.found.push(items);
            }
            return;
        };
        let mut plain = Vec::new();
        for (zone, crossing) in self.zones(&items, gap, hang) {
            if self.are_columns(&zone) {
                self.cut(std::mem::take(&mut plain), depth - 1);
                let (first, second) =
                    if self.right_to_left { (zone.right, zone.left) } else { (zone.left, zone.right) };
                self.cut(first, depth - 1);
                self.cut(second, depth - 1);
                plain = zone.after;
            } else {
                plain.extend(zone.left.into_iter().chain(zone.right).chain(zone.after));
            }
            plain.extend(crossing);
        }
        self.cut(plain, depth - 1);
    }

    /// The place of the gap that parts most lines into columns, and how far lines may reach into it.
    fn best_gap(&self, items: &[usize]) -> Option<(f32, f32)> {
        let value = |(gap, hang): &(f32, f32)| {
            let zones = self.zones(items, *gap, *hang).into_iter().filter(|(zone, _)| self.are_columns(zone));
            zones.map(|(zone, _)| zone.left.len() + zone.right.len()).sum::<usize>()
        };
        let places = self.places(items).into_iter().flat_map(|gap| HANGS.map(|hang| (gap, hang)));
        let (best, lines) = places.map(|place| (place, value(&place))).max_by_key(|(_, lines)| *lines)?;
        (lines > 0).then_some(best)
    }

    /// Where columns may part: just before the starts (from the right: behind the ends) that several pieces share.
    fn places(&self, items: &[usize]) -> Vec<f32> {
        let mut edges: Vec<f32> = items
            .iter()
            .map(|index| {
                let segment = &self.segments[*index];
                let half_blank = 0.3 * segment.size;
                if self.right_to_left {
                    segment.area.end + half_blank
                } else {
                    segment.area.start - half_blank
                }
            })
            .collect();
        edges.sort_by(f32::total_cmp);
        let mut places: Vec<(usize, f32)> = edges
            .chunk_by(|edge, next| next - edge < 1.5)
            .map(|same| (same.len(), if self.right_to_left { same[same.len() - 1] } else { same[0] }))
            .filter(|(count, _)| *count >= 2)
            .collect();
        places.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        places.into_iter().take(MOST_PLACES).map(|(_, place)| place).collect()
    }

    /// The pieces beside `gap` from one piece that crosses it to the next, each with the pieces that cross it below.
    fn zones(&self, items: &[usize], gap: f32, hang: f32) -> Vec<(Zone, Vec<usize>)> {
        let mut sorted = items.to_vec();
        sorted.sort_by(|a, b| self.segments[*a].base.total_cmp(&self.segments[*b].base));
        let mut zones: Vec<(Zone, Vec<usize>)> = Vec::new();
        let (mut zone, mut crossing) = (Zone::default(), Vec::new());
        for index in sorted {
            let Segment { area, size, .. } = &self.segments[index];
            let hang = hang * size;
            if area.start < gap - hang && area.end > gap + hang {
                crossing.push(index);
                continue;
            }
            if !crossing.is_empty() {
                zones.push((std::mem::take(&mut zone), std::mem::take(&mut crossing)));
            }
            let side = if area.start + area.end < 2.0 * gap { &mut zone.left } else { &mut zone.right };
            side.push(index);
        }
        zones.push((zone, crossing));
        for (zone, _) in &mut zones {
            self.part_foot(zone);
        }
        zones
    }

    /// Takes what stands alone below the columns, as a footer does, out of the left one.
    fn part_foot(&self, zone: &mut Zone) {
        let Some(bottom) = zone.right.last().map(|last| self.segments[*last].base) else { return };
        let far = |pair: &[usize]| {
            let (above, below) = (&self.segments[pair[0]], &self.segments[pair[1]]);
            below.base > bottom + below.size && below.base - above.base > 2.5 * below.size
        };
        if let Some(at) = zone.left.windows(2).position(far) {
            zone.after = zone.left.split_off(at + 1);
        }
    }

    /// Whether the sides of a zone are columns of running text, and not cells of a table.
    fn are_columns(&self, zone: &Zone) -> bool {
        let (left, right) = (self.side(&zone.left), self.side(&zone.right));
        let (Some(left), Some(right)) = (left, right) else { return false };
        let size = left.size.min(right.size);
        if right.start - left.end < 0.6 * size {
            return false;
        }
        if left.bases.len() < 2 || right.bases.len() < 2 {
            return false;
        }
        let shared = left.bases.iter().filter(|base| {
            let at = right.bases.partition_point(|other| *other < **base - 0.25 * size);
            right.bases.get(at).is_some_and(|other| *other <= **base + 0.25 * size)
        });
        let shared = shared.count() as f32 / left.bases.len().min(right.bases.len()) as f32;
        let has_text = |side: &Side| side.signs >= 10.0 && side.bases.len() >= 3;
        let full = |side: &Side| side.fill >= 0.6 && side.signs >= 18.0;
        let beside_prose = |prose: &Side, other: &Side| prose.is_prose() && has_text(other);
        beside_prose(&left, &right)
            || beside_prose(&right, &left)
            || full(&left) && full(&right)
            || shared < 0.5 && has_text(&left) && has_text(&right)
            || shared < 0.7
                && (full(&left) && right.bases.len() >= 4 || full(&right) && left.bases.len() >= 4)
    }

    fn side(&self, items: &[usize]) -> Option<Side> {
        let mut side = Side { start: f32::INFINITY, end: f32::NEG_INFINITY, ..Side::default() };
        let (mut covered, mut signs) = (0.0, 0);
        let mut ends: Vec<f32> = Vec::new();
        for index in items {
            let segment = &self.segments[*index];
            side.start = side.start.min(segment.area.start);
            side.end = side.end.max(segment.area.end);
            side.size = side.size.max(segment.size);
            covered += segment.area.width();
            signs += segment.signs();
            if side.bases.last().is_none_or(|last| segment.base - last > 0.3 * segment.size) {
                side.bases.push(segment.base);
                ends.push(segment.area.end);
            } else if let Some(end) = ends.last_mut() {
                *end = end.max(segment.area.end);
            }
        }
        let lines = side.bases.len() as f32;
        side.fill = covered / (lines * (side.end - side.start)).max(1.0);
        side.signs = signs as f32 / lines;
        let even = ends.iter().filter(|end| side.end - **end < side.size).count();
        side.even = even as f32 / lines;
        (!items.is_empty()).then_some(side)
    }
}

/// One side of a gap.
#[derive(Debug, Default)]
struct Side {
    start: f32,
    end: f32,
    size: f32,
    /// Base lines, ascending.
    bases: Vec<f32>,
    /// The share of the side's width that its lines cover, on average.
    fill: f32,
    /// Characters a line, on average.
    signs: f32,
    /// The share of its lines that reach its end.
    even: f32,
}

impl Side {
    /// Whether it is running text whose lines are all but the last of a paragraph of one length.
    fn is_prose(&self) -> bool {
        self.even >= 0.6 && self.fill >= 0.75 && self.signs >= 25.0 && self.bases.len() >= 5
    }
}
