//! A paper as PDF: text that can be searched, copied and read aloud, in the same bytes for the same paper.
//!
//! It promises PDF/A-2a (for the fifteen years that records are kept) and PDF/UA-1 (for readers who do not see), as far as
//! the writer checks them; a paper that fails is not written. Layout is in whole points.

use super::document::{Document, Part, Table};
use super::typeface;
use crate::trouble::Trouble;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, TableHeaderScope, Tag, TagGroup, TagTree};
use krilla::text::{Font, TextDirection};
use krilla::{Document as Pdf, SerializeSettings};
use rulebook::time::{Instant, Zone};
use std::num::NonZeroU16;

pub use typeface::lacking;

// A4 in points, with margins of two centimetres and the foot of the page below them.
const WIDE: i32 = 595;
const HIGH: i32 = 842;
const LEFT: i32 = 57;
const RIGHT: i32 = WIDE - LEFT;
const TOP: i32 = 64;
const BOTTOM: i32 = HIGH - 64;

/// Sizes of letters, and from one line to the next.
const TITLE: (i32, i32) = (20, 28);
const HEADING: (i32, i32) = (12, 18);
const BODY: (i32, i32) = (10, 16);
const CELL: (i32, i32) = (9, 14);
const SMALL: i32 = 8;

/// Room between the rule of a cell and its text.
const PAD: i32 = 5;

/// The widths of label and value in a hundred.
const FIELD: [i32; 2] = [28, 72];

/// What is not on record.
const NOTHING: &str = "—";

/// The last second that a PDF's calendar has.
const LAST: Instant = Instant(253_402_300_799_000);

const INK: [u8; 3] = [20, 24, 28];
const SOFT: [u8; 3] = [86, 97, 107];
const LINE: [u8; 3] = [201, 205, 209];
const PANEL: [u8; 3] = [243, 244, 245];
const MARK: [u8; 3] = [179, 38, 30];

/// The PDF of a paper, dated with the moment the paper is for.
pub fn bytes(document: &Document, as_of: Instant) -> Result<Vec<u8>, Trouble> {
    let mut layout = Layout { pages: vec![Vec::new()], y: TOP, leaves: 0, tree: Vec::new() };
    layout.paper(document);
    write(document, as_of, &layout).map_err(|why| {
        Trouble::new(
            format!("the PDF cannot be made: {why}"),
            "the page and the workbook carry the same; report this with the text",
        )
    })
}

/// One mark on a page.
enum Drawn {
    /// A line of text that belongs to a leaf of the tree.
    Text { x: i32, y: i32, size: i32, ink: [u8; 3], text: String, leaf: usize },
    /// A box: a rule, or the ground of a label.
    Box { x: i32, y: i32, wide: i32, high: i32, ink: [u8; 3] },
}

/// What the marks mean, in reading order.
enum Meaning {
    Heading {
        level: u16,
        title: String,
        leaf: usize,
        page: usize,
        y: i32,
    },
    Paragraph {
        leaf: usize,
    },
    /// Rows of cells: a leaf, and whether it heads a column or a row.
    Table(Vec<Vec<(usize, Option<TableHeaderScope>)>>),
}

struct Layout {
    pages: Vec<Vec<Drawn>>,
    y: i32,
    leaves: usize,
    tree: Vec<Meaning>,
}

impl Layout {
    fn paper(&mut self, document: &Document) {
        if let Some(mark) = &document.mark {
            self.paragraph(mark, BODY, MARK);
            self.y += 6;
        }
        self.heading(&document.title, 1, TITLE);
        self.y += 8;
        let head: Vec<[&str; 2]> = document.head.iter().map(|(name, text)| [name.as_str(), text.as_str()]).collect();
        self.fields(&head);
        for section in &document.sections {
            self.y += 14;
            self.heading(&section.title, 2, HEADING);
            self.y += 4;
            let mut rest = section.parts.as_slice();
            while let Some(first) = rest.first() {
                let run = rest.iter().take_while(|part| matches!(part, Part::Field { .. })).count().max(1);
                let (now, after) = rest.split_at(run);
                match first {
                    Part::Text(text) => {
                        self.paragraph(text, BODY, INK);
                        self.y += 4;
                    }
                    Part::Table(table) => self.table(table),
                    Part::Field { .. } => {
                        let field = |part: &'_ Part| match part {
                            Part::Field { label, value } => Some((label.clone(), value.clone())),
                            _ => None,
                        };
                        let owned: Vec<(String, Option<String>)> = now.iter().filter_map(field).collect();
                        let rows: Vec<[&str; 2]> = owned
                            .iter()
                            .map(|(label, value)| [label.as_str(), value.as_deref().unwrap_or(NOTHING)])
                            .collect();
                        self.fields(&rows);
                    }
                }
                rest = after;
            }
        }
    }

    fn leaf(&mut self) -> usize {
        let leaf = self.leaves;
        self.leaves += 1;
        leaf
    }

    fn put(&mut self, drawn: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.push(drawn);
        }
    }

    /// Begins a page unless so many points are left on this one.
    fn room(&mut self, points: i32) {
        if self.y + points > BOTTOM && self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn lines(&mut self, lines: &[String], x: i32, (size, lead): (i32, i32), ink: [u8; 3], leaf: usize) {
        for text in lines {
            self.room(lead);
            // A line's foot stands about four fifths of its size below its head.
            let y = self.y + (lead - size) / 2 + size * 4 / 5;
            self.put(Drawn::Text { x, y, size, ink, text: text.clone(), leaf });
            self.y += lead;
        }
    }

    fn heading(&mut self, title: &str, level: u16, size: (i32, i32)) {
        // A heading stays with the two lines after it.
        self.room(size.1 * 3);
        let (leaf, page, y) = (self.leaf(), self.pages.len() - 1, self.y);
        self.lines(&typeface::lines(title, size.0, RIGHT - LEFT), LEFT, size, INK, leaf);
        self.tree.push(Meaning::Heading { level, title: title.to_string(), leaf, page, y });
    }

    fn paragraph(&mut self, text: &str, size: (i32, i32), ink: [u8; 3]) {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let leaf = self.leaf();
            self.lines(&typeface::lines(line, size.0, RIGHT - LEFT), LEFT, size, ink, leaf);
            self.tree.push(Meaning::Paragraph { leaf });
        }
    }

    fn fields(&mut self, rows: &[[&str; 2]]) {
        let rows = rows.iter().map(|row| self.row(row, &FIELD, false)).collect();
        self.tree.push(Meaning::Table(rows));
        self.y += 4;
    }

    fn table(&mut self, table: &Table) {
        // The column titles stay with the first row.
        self.room(3 * (CELL.1 + 2 * PAD));
        let head: Vec<&str> = table.head.iter().map(String::as_str).collect();
        let mut rows = vec![self.row(&head, &table.widths, true)];
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            rows.push(self.row(&cells, &table.widths, false));
        }
        self.tree.push(Meaning::Table(rows));
        self.y += 4;
    }

    /// A row of cells. One that is higher than what is left of a page moves to the next; one higher than a page is cut.
    fn row(&mut self, cells: &[&str], widths: &[i32], head: bool) -> Vec<(usize, Option<TableHeaderScope>)> {
        let whole = widths.iter().sum::<i32>().max(1);
        let mut edges = vec![LEFT];
        let mut taken = 0;
        for wide in widths {
            taken += wide;
            edges.push(LEFT + (RIGHT - LEFT) * taken / whole);
        }
        let (size, lead) = CELL;
        let room = |at: usize| edges[at + 1] - edges[at] - 2 * PAD;
        let cells = cells.iter().zip(0..widths.len());
        let texts: Vec<Vec<String>> = cells.map(|(text, at)| typeface::lines(text, size, room(at))).collect();
        let leaves: Vec<usize> = texts.iter().map(|_| self.leaf()).collect();
        let most = texts.iter().map(Vec::len).max().unwrap_or(1);
        let high = |lines: usize| i32::try_from(lines).unwrap_or(i32::MAX / lead).saturating_mul(lead) + 2 * PAD;
        if high(most) <= BOTTOM - TOP {
            self.room(high(most));
        }
        let mut done = 0;
        while done < most {
            self.room(lead + 2 * PAD);
            let fit = usize::try_from((BOTTOM - self.y - 2 * PAD) / lead).unwrap_or(1).max(1).min(most - done);
            let (top, tall) = (self.y, high(fit));
            let ground = if head { RIGHT } else { edges[1] };
            self.put(Drawn::Box { x: LEFT, y: top, wide: ground - LEFT, high: tall, ink: PANEL });
            for (at, (text, leaf)) in texts.iter().zip(&leaves).enumerate() {
                let part: Vec<String> = text.iter().skip(done).take(fit).cloned().collect();
                self.y = top + PAD;
                let ink = if head || at == 0 { SOFT } else { INK };
                self.lines(&part, edges[at] + PAD, (size, lead), ink, *leaf);
            }
            for y in [top, top + tall] {
                self.put(Drawn::Box { x: LEFT, y, wide: RIGHT - LEFT, high: 1, ink: LINE });
            }
            for x in &edges {
                self.put(Drawn::Box { x: *x, y: top, wide: 1, high: tall, ink: LINE });
            }
            self.y = top + tall;
            done += fit;
        }
        let scope = |at: usize| match (head, at) {
            (true, _) => Some(TableHeaderScope::Column),
            (false, 0) => Some(TableHeaderScope::Row),
            _ => None,
        };
        leaves.into_iter().enumerate().map(|(at, leaf)| (leaf, scope(at))).collect()
    }
}

fn write(document: &Document, as_of: Instant, layout: &Layout) -> Result<Vec<u8>, String> {
    let both = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1);
    let configuration = both.finish().map_err(|e| format!("{e:?}"))?;
    let mut pdf = Pdf::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let font = Font::new(typeface::BYTES.into(), 0).ok_or("the typeface cannot be read")?;
    let lang = document.lang.pick("en", "ko");
    let head: Vec<&str> = document.head.iter().map(|(_, text)| text.as_str()).collect();
    pdf.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .language(lang.to_string())
            .creator("Bongsu".to_string())
            .creation_date(date(as_of))
            .document_id(format!("{} {}", document.form, head.join(" "))),
    );
    let mut leaves: Vec<Vec<Identifier>> = (0..layout.leaves).map(|_| Vec::new()).collect();
    for (number, drawn) in layout.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(point(WIDE), point(HIGH)).ok_or("the page has no size")?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        let foot = format!("{} · {} / {}", document.form, number + 1, layout.pages.len());
        aside(&mut surface, ArtifactType::PageNumber, |surface| {
            text(surface, &font, (LEFT, HIGH - 36), SMALL, SOFT, &foot, false);
        });
        if document.mark.is_some() {
            aside(&mut surface, ArtifactType::Watermark, |surface| watermark(surface, &font));
        }
        for one in drawn {
            match one {
                Drawn::Box { x, y, wide, high, ink } => aside(&mut surface, ArtifactType::Layout, |surface| {
                    let rect = Rect::from_xywh(point(*x), point(*y), point(*wide), point(*high));
                    if let Some(rect) = rect {
                        area(surface, rect, *ink);
                    }
                }),
                Drawn::Text { x, y, size, ink, text: line, leaf } => {
                    let id = surface.start_tagged(ContentTag::Other);
                    text(&mut surface, &font, (*x, *y), *size, *ink, line, false);
                    surface.end_tagged();
                    leaves[*leaf].push(id);
                }
            }
        }
        surface.finish();
        page.finish();
    }
    let mut outline = Outline::new();
    for meaning in &layout.tree {
        if let Meaning::Heading { title, page, y, .. } = meaning {
            let place = XyzDestination::new(*page, Point::from_xy(point(LEFT), point(*y)));
            outline.push_child(OutlineNode::new(title.clone(), place));
        }
    }
    pdf.set_outline(outline);
    pdf.set_tag_tree(tree(layout, leaves).with_lang(Some(lang.to_string())));
    pdf.finish().map_err(|e| format!("{e:?}"))
}

/// The tree that says what is a heading, a row, a cell.
fn tree(layout: &Layout, mut leaves: Vec<Vec<Identifier>>) -> TagTree {
    let mut take = |leaf: usize| -> Vec<Node> {
        leaves.get_mut(leaf).map(std::mem::take).unwrap_or_default().into_iter().map(Node::from).collect()
    };
    let mut tree = TagTree::new();
    for meaning in &layout.tree {
        match meaning {
            Meaning::Heading { level, title, leaf, .. } => {
                let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                tree.push(TagGroup::with_children(Tag::Hn(level, Some(title.clone())), take(*leaf)));
            }
            Meaning::Paragraph { leaf } => tree.push(TagGroup::with_children(Tag::P, take(*leaf))),
            Meaning::Table(rows) => {
                let mut table = TagGroup::new(Tag::Table);
                for row in rows {
                    let mut cells = TagGroup::new(Tag::TR);
                    for (leaf, scope) in row {
                        let children = take(*leaf);
                        cells.push(match scope {
                            Some(scope) => TagGroup::with_children(Tag::TH(*scope), children),
                            None => TagGroup::with_children(Tag::TD, children),
                        });
                    }
                    table.push(cells);
                }
                tree.push(table);
            }
        }
    }
    tree
}

/// What is not part of the text: rules, page numbers, the mark of a draft.
fn aside(surface: &mut Surface<'_>, kind: ArtifactType, draw: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface);
    surface.end_tagged();
}

/// DRAFT across the page, as outlines: it is seen, and is no text.
fn watermark(surface: &mut Surface<'_>, font: &Font) {
    surface.push_transform(&Transform::from_row(0.8, -0.6, 0.6, 0.8, 120.0, 640.0));
    text(surface, font, (0, 0), 120, [250, 226, 224], "DRAFT", true);
    surface.pop();
}

fn text(
    surface: &mut Surface<'_>,
    font: &Font,
    (x, y): (i32, i32),
    size: i32,
    ink: [u8; 3],
    line: &str,
    outlined: bool,
) {
    surface.set_fill(Some(fill(ink)));
    surface.draw_text(
        Point::from_xy(point(x), point(y)),
        font.clone(),
        point(size),
        line,
        outlined,
        TextDirection::LeftToRight,
    );
}

fn area(surface: &mut Surface<'_>, rect: Rect, ink: [u8; 3]) {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(ink)));
        surface.draw_path(&path);
    }
}

fn fill([red, green, blue]: [u8; 3]) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

/// Whole points as the writer wants them.
fn point(points: i32) -> f32 {
    f32::from(i16::try_from(points).unwrap_or(i16::MAX))
}

fn date(at: Instant) -> DateTime {
    let utc = Zone::utc();
    let at = Instant(at.0.clamp(0, LAST.0));
    let day = utc.date(at);
    let seconds = at.0.saturating_sub(utc.start_of(day).0) / 1_000;
    let small = |n: i64| u8::try_from(n).unwrap_or(0);
    DateTime::new(u16::try_from(day.year()).unwrap_or(1970))
        .month(small(day.month().into()))
        .day(small(day.day().into()))
        .hour(small(seconds / 3_600))
        .minute(small(seconds / 60 % 60))
        .second(small(seconds % 60))
        .utc_offset_hour(0)
}
