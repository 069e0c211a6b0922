//! A filing is complete because of the list of words its rules read. Here the evaluator is watched while it evaluates every
//! shipped rule over made-up answers: whatever it asks for must be on that list.

use bongsu::lab::random::Random;
use bongsu::pages;
use kernel::reads;
use rulebook::book::{Book, RuleId};
use rulebook::evaluate::Evaluator;
use rulebook::facts::{Datum, Facts, Known, Occurrence, Reading, Subject};
use rulebook::number::Number;
use rulebook::time::{Civil, Instant, Zone};
use rulebook::unit::Type;
use rulebook::vocabulary::{Holds, KindId, Vocabulary, WordId};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Answers whatever comes to its mind, and remembers what it was asked.
struct Spy {
    vocabulary: Vocabulary,
    numbers: Vec<Number>,
    codes: Vec<String>,
    random: RefCell<Random>,
    words: RefCell<BTreeSet<WordId>>,
    kinds: RefCell<BTreeSet<KindId>>,
    judgements: RefCell<BTreeSet<String>>,
}

impl Spy {
    fn draw(&self, below: i64) -> usize {
        self.random.borrow_mut().between(0, below - 1) as usize
    }

    fn datum(&self, word: WordId) -> Option<Datum<'_>> {
        let number = || &self.numbers[self.draw(self.numbers.len() as i64)];
        match self.draw(8) {
            0 => return None,
            1 => return Some(Datum::Missing),
            2 => return Some(Datum::None),
            _ => {}
        }
        Some(match self.vocabulary.word(word).holds {
            Holds::Value(Type::YesNo) => Datum::Truth(self.draw(2) == 1),
            Holds::Value(Type::Code) => Datum::Code(&self.codes[self.draw(self.codes.len() as i64)]),
            Holds::Value(Type::Codes) => Datum::Codes(&self.codes[..self.draw(self.codes.len() as i64)]),
            Holds::Value(Type::Civil) => {
                Datum::Civil(Civil { months: self.draw(200) as i32, days: 0, working_days: 0 })
            }
            Holds::Value(Type::Length) => Datum::Length(self.draw(1 << 40) as i64),
            Holds::Value(Type::Money) => Datum::Number(number(), rulebook::unit::Dimension::currency("EUR")),
            _ => Datum::Number(number(), None),
        })
    }
}

impl Facts for Spy {
    fn value(&self, _: Option<Subject>, word: WordId, _: Instant) -> Option<Reading<'_>> {
        self.words.borrow_mut().insert(word);
        Some(Reading { datum: self.datum(word)?, evidence: None })
    }

    fn series<'a>(
        &'a self,
        _: Option<Subject>,
        word: WordId,
        after: Instant,
        until: Instant,
        visit: &mut dyn FnMut(Instant, Reading<'a>),
    ) {
        self.words.borrow_mut().insert(word);
        let start = after.0.max(until.0.saturating_sub(400 * 86_400_000));
        for step in 0..self.draw(3) as i64 {
            if let Some(datum) = self.datum(word) {
                visit(Instant(start + 1 + step * 86_400_000), Reading { datum, evidence: None });
            }
        }
    }

    fn events<'a>(
        &'a self,
        _: Option<Subject>,
        word: WordId,
        until: Instant,
        visit: &mut dyn FnMut(Occurrence<'a>),
    ) -> Known {
        self.words.borrow_mut().insert(word);
        for back in (0..self.draw(4) as i64).rev() {
            let at = Instant(until.0.saturating_sub(back * self.draw(100 * 86_400_000) as i64 + 1));
            let by = Some(self.codes[self.draw(self.codes.len() as i64)].as_str());
            visit(Occurrence { at, by, amount: self.numbers.first(), contents: None, evidence: None });
        }
        if self.draw(5) == 0 { Known::No } else { Known::Yes }
    }

    fn subjects(&self, kind: KindId, _: Instant, visit: &mut dyn FnMut(Subject)) -> Known {
        self.kinds.borrow_mut().insert(kind);
        (0..self.draw(3) as u32).for_each(|id| visit(Subject { kind, id }));
        if self.draw(5) == 0 { Known::No } else { Known::Yes }
    }

    fn refers(&self, _: Subject, kind: KindId) -> Option<Subject> {
        (self.draw(4) > 0).then(|| {
            self.kinds.borrow_mut().insert(kind);
            Subject { kind, id: 0 }
        })
    }

    fn given(&self, _: Option<Subject>, name: &str, _: Instant) -> Option<Reading<'_>> {
        self.judgements.borrow_mut().insert(name.to_string());
        (self.draw(3) > 0).then(|| Reading { datum: Datum::Truth(self.draw(2) == 1), evidence: None })
    }
}

/// Every code that the law's text names, so that comparisons come out both ways.
fn codes(book: &Book) -> Vec<String> {
    let mut codes = book.codes.clone();
    codes.extend(["kisa".to_string(), "fss".to_string()]);
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn the_evaluator_asks_for_nothing_that_is_not_on_the_list() {
    let vocabulary = kernel::words::vocabulary();
    let (book, _) = rulebook::build(vocabulary.clone(), pages::shipped_law(&pages::shipped_laws()));
    let number = |n: i128| Number::fraction(n, 100).unwrap();
    let spy = Spy {
        numbers: [0, 1, 5, 79, 80, 100, 5_000, 70_000_000_000, 900_000_000_000_000].map(number).to_vec(),
        codes: codes(&book),
        vocabulary,
        random: RefCell::new(Random::new(7)),
        words: RefCell::default(),
        kinds: RefCell::default(),
        judgements: RefCell::default(),
    };
    let zone = Zone::get("Asia/Seoul").unwrap();
    let moments = ["2024-12-31", "2026-10-31", "2027-06-15"].map(|day| zone.read(day).unwrap());
    let (mut asked, mut rules) = (0, 0);
    for (index, rule) in book.rules.iter().enumerate().filter(|(_, rule)| !rule.is_guard()) {
        let id = RuleId::from(index);
        let list = reads::of(&book, std::iter::once(id));
        spy.words.borrow_mut().clear();
        spy.kinds.borrow_mut().clear();
        spy.judgements.borrow_mut().clear();
        for round in 0..60 {
            let mut evaluator = Evaluator::new(&book, &spy);
            let at = evaluator.at(moments[round % moments.len()], rule.instrument);
            evaluator.findings(id, &at);
        }
        let name = |word: &WordId| spy.vocabulary.word(*word).name.clone();
        let words = spy.words.borrow();
        let stray: Vec<String> = words.difference(&list.words).map(name).collect();
        assert!(stray.is_empty(), "{} read {stray:?}, which a filing of it would leave out", rule.id);
        let kinds = spy.kinds.borrow();
        let stray: Vec<&str> = kinds.difference(&list.kinds).map(|kind| spy.vocabulary.kind_name(*kind)).collect();
        assert!(stray.is_empty(), "{} looked at subjects of {stray:?}", rule.id);
        let stray: Vec<String> = spy.judgements.borrow().difference(&list.judgements).cloned().collect();
        assert!(stray.is_empty(), "{} asked {stray:?}", rule.id);
        asked += words.len();
        rules += 1;
    }
    assert!(rules > 300 && asked > 2 * rules, "{rules} rules asked for {asked} words");
}
