//! The typeface of papers: how wide its letters are, which it has, and where a line breaks.
//!
//! It is part of the program, so that a paper has the same bytes on every machine. Widths are whole thousandths of the
//! size, so that layout needs no floats.

use std::sync::LazyLock;
use ttf_parser::Face;

/// The font file.
pub const BYTES: &[u8] = include_bytes!("../../fonts/NotoSansCJKkr-Regular-papers.otf");

/// Units of the size that widths are told in.
pub const EM: i64 = 1_000;

/// Stands for a letter that the typeface lacks.
const LACKING: char = '□';

static FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(BYTES, 0).expect("the font file is part of the program and is tested"));

/// The width of a letter; none where the typeface lacks it.
fn advance(letter: char) -> Option<i64> {
    let glyph = FACE.glyph_index(letter)?;
    FACE.glyph_hor_advance(glyph).map(i64::from)
}

/// The letters of a text that the typeface lacks.
pub fn lacking(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_control() && advance(*c).is_none())
}

/// A text in letters that the typeface has.
pub fn printable(text: &str) -> String {
    let letter = |c: char| match c {
        c if c.is_control() => ' ',
        c if advance(c).is_none() => LACKING,
        c => c,
    };
    text.chars().map(letter).collect()
}

/// How wide a text is at a size, in thousandths of a point.
pub fn width(text: &str, size: i32) -> i64 {
    let units: i64 = text.chars().filter_map(advance).sum();
    units.saturating_mul(i64::from(size))
}

/// The lines of a text at a size within so many points: broken at spaces, and within a word only where it alone is wider.
pub fn lines(text: &str, size: i32, points: i32) -> Vec<String> {
    let room = i64::from(points).saturating_mul(EM);
    let mut out = Vec::new();
    for line in text.lines() {
        let mut now = String::new();
        for word in printable(line).split_inclusive(' ') {
            let bare = word.trim_end();
            if !now.is_empty() && width(&now, size).saturating_add(width(bare, size)) > room {
                out.push(std::mem::take(&mut now));
            }
            for letter in word.chars() {
                if letter != ' '
                    && !now.is_empty()
                    && width(&now, size).saturating_add(width(letter.encode_utf8(&mut [0; 4]), size)) > room
                {
                    out.push(std::mem::take(&mut now));
                }
                now.push(letter);
            }
        }
        out.push(now);
    }
    if out.is_empty() { vec![String::new()] } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_is_there() {
        assert_eq!(FACE.units_per_em(), 1_000);
        assert_eq!(('가'..='힣').filter(|c| advance(*c).is_none()).count(), 0);
        assert_eq!(lacking("침해사고 KRW 1,000 · “인용” ⓧ漢字 ①").collect::<String>(), "ⓧ漢字");
        assert_eq!(printable("a\t漢"), "a □");
    }

    #[test]
    fn lines_break() {
        let check =
            |text: &str, points: i32, expected: &[&str]| assert_eq!(lines(text, 10, points), expected, "{text}");
        // A syllable of this typeface is 0.92 of its size wide, a space 0.224.
        check("침해사고를 신고한다", 100, &["침해사고를 신고한다"]);
        check("침해사고를 신고한다", 60, &["침해사고를 ", "신고한다"]);
        check("침해사고를", 30, &["침해사", "고를"]);
        check("첫 줄\n둘째 줄", 100, &["첫 줄", "둘째 줄"]);
        check("", 100, &[""]);
    }
}
