//! Which floats are the rows of a matrix? A view with a stride, so that one attention head can be read out of the row
//! that holds all of them.

/// Rows inside a longer slice: row `i` is `data[i * stride..][..width]`.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    data: &'a [f32],
    count: usize,
    width: usize,
    stride: usize,
}

impl<'a> Rows<'a> {
    /// `count` rows of `width` floats, `stride` apart. Panics if `data` is too short or rows overlap.
    pub fn new(data: &'a [f32], count: usize, width: usize, stride: usize) -> Self {
        check(data.len(), count, width, stride);
        Self { data, count, width, stride }
    }

    /// Rows that follow each other without a gap. Panics if `data` is no multiple of `width`.
    pub fn contiguous(data: &'a [f32], width: usize) -> Self {
        assert!(width > 0 && data.len().is_multiple_of(width), "whole rows of {width} floats");
        Self { data, count: data.len() / width, width, stride: width }
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Floats of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One row.
    #[inline(always)]
    pub(super) fn row(&self, index: usize) -> &'a [f32] {
        &self.data[index * self.stride..][..self.width]
    }
}

/// As [`Rows`], to write to.
#[derive(Debug)]
pub struct RowsMut<'a> {
    data: &'a mut [f32],
    count: usize,
    width: usize,
    stride: usize,
}

impl<'a> RowsMut<'a> {
    /// `count` rows of `width` floats, `stride` apart. Panics if `data` is too short or rows overlap.
    pub fn new(data: &'a mut [f32], count: usize, width: usize, stride: usize) -> Self {
        check(data.len(), count, width, stride);
        Self { data, count, width, stride }
    }

    /// Rows that follow each other without a gap. Panics if `data` is no multiple of `width`.
    pub fn contiguous(data: &'a mut [f32], width: usize) -> Self {
        assert!(width > 0 && data.len().is_multiple_of(width), "whole rows of {width} floats");
        Self { count: data.len() / width, data, width, stride: width }
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Floats of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// One row.
    #[inline(always)]
    pub(super) fn row(&mut self, index: usize) -> &mut [f32] {
        &mut self.data[index * self.stride..][..self.width]
    }
}

fn check(length: usize, count: usize, width: usize, stride: usize) {
    assert!(width <= stride, "rows of {width} floats overlap at a stride of {stride}");
    assert!(
        count == 0 || (count - 1) * stride + width <= length,
        "{count} rows do not fit into {length} floats"
    );
}
