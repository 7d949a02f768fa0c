//! From the coordinates of a PDF page to those of the page as it is shown, and to lines of text however they are turned.

use pdf_oxide::PdfDocument;
use pllm_core::PageBox;

/// A page as it is shown: cut to its crop box, turned by `/Rotate` (ISO 32000-1, 7.7.3.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// Left, lower, right and upper edge of what is shown, in the page's own coordinates.
    crop: [f32; 4],
    /// Clockwise turn in degrees: 0, 90, 180 or 270.
    turn: i32,
}

impl View {
    /// The view of the page `index`, from 0. A page without a size is taken for US Letter.
    pub(super) fn of(document: &PdfDocument, index: usize) -> Self {
        let (left, lower, right, upper) =
            document.get_page_visible_box(index).unwrap_or((0.0, 0.0, 612.0, 792.0));
        let turn = document.get_page_rotation(index).unwrap_or(0);
        Self { crop: [left, lower, right, upper], turn }
    }

    /// A point of the page, from the top left corner of the view, down and to the right.
    pub(super) fn point(&self, x: f32, y: f32) -> (f32, f32) {
        let [left, lower, right, upper] = self.crop;
        match self.turn {
            90 => (y - lower, x - left),
            180 => (right - x, y - lower),
            270 => (upper - y, right - x),
            _ => (x - left, upper - y),
        }
    }

    /// Width and height.
    pub(super) fn size(&self) -> (f32, f32) {
        let [left, lower, right, upper] = self.crop;
        if self.turn % 180 == 0 { (right - left, upper - lower) } else { (upper - lower, right - left) }
    }

    /// The frame of text that is written at `degrees`, counterclockwise on the page that is not turned.
    pub(super) fn frame(&self, degrees: f32) -> Frame {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Frame(match self.turn {
            90 => (sin, cos),
            180 => (-cos, sin),
            270 => (-sin, -cos),
            _ => (cos, -sin),
        })
    }
}

/// Axes of upright text: `along` its lines and `across` them, from the first line to the last. Holds the unit vector of
/// `along` in the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame((f32, f32));

impl Frame {
    /// Columns from the right to the left, each read downwards.
    pub(super) const DOWNWARDS: Self = Self((0.0, 1.0));

    /// A point of the view as (along, across).
    pub(super) fn of_view(self, (x, y): (f32, f32)) -> (f32, f32) {
        let (right, down) = self.0;
        (x * right + y * down, y * right - x * down)
    }

    /// Where a page of this size in the view begins and ends across the lines.
    pub(super) fn across(self, (width, height): (f32, f32)) -> (f32, f32) {
        let corners = [(0.0, 0.0), (width, 0.0), (0.0, height), (width, height)];
        let across = corners.map(|corner| self.of_view(corner).1);
        (
            across.into_iter().fold(f32::INFINITY, f32::min),
            across.into_iter().fold(f32::NEG_INFINITY, f32::max),
        )
    }

    /// The upright box in the view around a rectangle of this frame.
    pub(super) fn page_box(self, area: &Area) -> PageBox {
        let (right, down) = self.0;
        let corners = [
            (area.start, area.top),
            (area.start, area.bottom),
            (area.end, area.top),
            (area.end, area.bottom),
        ];
        let view =
            corners.map(|(along, across)| (along * right - across * down, along * down + across * right));
        let edge = |pick: fn(&(f32, f32)) -> f32, start: f32, fold: fn(f32, f32) -> f32| {
            view.iter().map(pick).fold(start, fold)
        };
        PageBox {
            left: edge(|corner| corner.0, f32::INFINITY, f32::min),
            top: edge(|corner| corner.1, f32::INFINITY, f32::min),
            right: edge(|corner| corner.0, f32::NEG_INFINITY, f32::max),
            bottom: edge(|corner| corner.1, f32::NEG_INFINITY, f32::max),
        }
    }
}

/// A rectangle in a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) start: f32,
    pub(super) end: f32,
    pub(super) top: f32,
    pub(super) bottom: f32,
}

impl Area {
    /// The smallest rectangle around both.
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn width(&self) -> f32 {
        self.end - self.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_page_shows_its_corners_where_they_are_seen() {
        let check = |turn, size, expected| {
            let view = View { crop: [10.0, 20.0, 110.0, 220.0], turn };
            assert_eq!(view.size(), size, "{turn}");
            assert_eq!(view.point(10.0, 220.0), expected, "upper left corner of the paper, {turn}");
        };
        check(0, (100.0, 200.0), (0.0, 0.0));
        check(90, (200.0, 100.0), (200.0, 0.0));
        check(180, (100.0, 200.0), (100.0, 200.0));
        check(270, (200.0, 100.0), (0.0, 100.0));
    }

    #[test]
    fn boxes_come_back_from_every_frame() {
        let area = Area { start: 1.0, end: 5.0, top: 2.0, bottom: 3.0 };
        for (turn, degrees) in [(0, 0.0), (90, 90.0), (270, -90.0), (180, 180.0)] {
            let view = View { crop: [0.0, 0.0, 10.0, 10.0], turn };
            let back = view.frame(degrees).page_box(&area);
            for (found, expected) in
                [(back.left, 1.0), (back.top, 2.0), (back.right, 5.0), (back.bottom, 3.0)]
            {
                assert!((found - expected).abs() < 0.001, "{turn}: {back:?}");
            }
        }
        let down = Frame::DOWNWARDS.page_box(&area);
        assert_eq!((down.left, down.top, down.right, down.bottom), (-3.0, 1.0, -2.0, 5.0));
    }
}
