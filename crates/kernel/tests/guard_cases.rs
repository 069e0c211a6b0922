//! The histories in `cases/guard`: each row's conclusions are compared word by word.

mod history;

fn check(name: &str, text: &str) {
    let wrong = history::run(text, &["default.md"]);
    assert!(wrong.is_empty(), "cases/guard/{name}\n{}", wrong.join("\n"));
}

macro_rules! files {
    ($($test:ident = $file:literal;)*) => {
        $(#[test]
        fn $test() {
            check($file, include_str!(concat!("../../../cases/guard/", $file)));
        })*
    };
}

files! {
    gate = "gate.md";
}
