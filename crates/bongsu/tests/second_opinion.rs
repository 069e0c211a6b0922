//! The recorded answers of an independent evaluator: see `cases/second-opinion/README.md`.

use bongsu::command::check::check_book;
use bongsu::pages;
use bongsu::report::problems;
use std::path::Path;

#[test]
fn an_independent_evaluator_comes_to_the_same_answers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/second-opinion");
    let books = pages::books(pages::read(&[folder]).unwrap()).unwrap();
    let mut expectations = 0;
    for book in books {
        let checked = check_book(book, false);
        assert!(checked.problems.is_empty(), "{}", problems::show(&checked.problems, &checked.sources, false));
        expectations += checked.expectations;
    }
    // Pages that stop being read would agree with everything.
    assert_eq!(expectations, 10_078);
}
