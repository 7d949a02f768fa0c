//! Where do packed weights live? In floats that begin on a cache line, so that no load of a whole register crosses one.

use std::ops::{Deref, DerefMut};

const LINE: usize = 16;

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

/// A growable slice of `f32` on a 64-byte boundary.
#[derive(Debug, Default)]
pub(crate) struct AlignedFloats {
    lines: Vec<Line>,
    length: usize,
}

impl AlignedFloats {
    /// Makes the slice `length` long; new values are zero, old ones stay.
    pub(crate) fn resize(&mut self, length: usize) {
        self.lines.resize(length.div_ceil(LINE), Line([0.0; LINE]));
        self.length = length;
    }
}

impl Deref for AlignedFloats {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: `lines` is `LINE` floats a line without padding (`repr(C)`), and holds at least `length` of them.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl DerefMut for AlignedFloats {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above, and `self` is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_on_a_cache_line_and_keeps_its_values() {
        let mut floats = AlignedFloats::default();
        for length in [0, 1, 16, 17, 500] {
            floats.resize(length);
            assert_eq!(floats.len(), length);
            assert_eq!(floats.as_ptr().addr() % 64, 0);
            if let Some(last) = floats.last_mut() {
                *last = length as f32;
            }
        }
        assert_eq!((floats[0], floats[15], floats[16], floats[498]), (1.0, 16.0, 17.0, 0.0));
    }
}
