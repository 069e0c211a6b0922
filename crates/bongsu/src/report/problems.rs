//! Problems of rule pages with their place marked, as compilers show them.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};
use rulebook::page::Source;
use rulebook::problem::{Level, Problem};
use std::fmt::Write;

/// All problems as text; styled for a terminal, plain for a pipe.
pub fn show(problems: &[Problem], sources: &[Source], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for problem in problems {
        let Some(source) = sources.get(problem.file) else { continue };
        let span = clamp(&problem.span, &source.text);
        let level = if problem.level == Level::Error { Shown::ERROR } else { Shown::WARNING };
        let mark = AnnotationKind::Primary.span(span).label(problem.label.as_str());
        let snippet = Snippet::source(source.text.as_str()).path(source.path.as_str()).annotation(mark);
        let mut group: Group<'_> = level.primary_title(problem.message.as_str()).element(snippet);
        if !problem.hint.is_empty() {
            group = group.element(Shown::HELP.message(problem.hint.as_str()));
        }
        let _ = writeln!(out, "{}\n", renderer.render(&[group]));
    }
    out
}

/// A span that lies inside the text, on letter boundaries.
fn clamp(span: &std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (floor(span.start), floor(span.end));
    start..end.max(start)
}
