//! The language of what is printed.

/// Korean or English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 한국어.
    Ko,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub fn pick<'t>(self, en: &'t str, ko: &'t str) -> &'t str {
        match self {
            Lang::En => en,
            Lang::Ko => ko,
        }
    }
}
