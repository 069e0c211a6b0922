//! `bench append` as a program of its own: what the kill test kills.
//! Usage: append DIR ENTRIES SIZE GROUP [acknowledge]

use bongsu::bench::append::{Args, run};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
    let (Some(data), Some(entries), Some(size), Some(group)) = (words.first(), number(1), number(2), number(3)) else {
        eprintln!("usage: append DIR ENTRIES SIZE GROUP [acknowledge]");
        std::process::exit(2);
    };
    let args =
        Args { data: data.into(), entries, size: size as usize, group: group as usize, acknowledge: words.len() > 4 };
    if let Err(error) = run(&args) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
