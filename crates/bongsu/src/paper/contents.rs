//! What a filled report contains, as codes of the rules' `contains`.

/// The codes whose items are all there, ascending.
pub fn of(fields: &[(&str, &[&str])], is_filled: &dyn Fn(&str) -> bool) -> Vec<String> {
    let full = fields.iter().filter(|(_, items)| items.iter().all(|item| is_filled(item)));
    let mut contents: Vec<String> = full.map(|(code, _)| (*code).to_owned()).collect();
    contents.sort();
    contents
}
