//! Filings end to end: drawn up from a real journal, verified offline, and refused by name for whatever is done to them.

#[path = "filing/world.rs"]
mod world;

use bongsu::filing::package::{self, Entry, Package};
use bongsu::filing::verify::{Asked, verify};
use bongsu::filing::{Fault, check, desk};
use bongsu::lang::Lang;
use bongsu::{vault, walk};
use journal::checkpoint::Checkpoint;
use journal::note::Algorithm;
use kernel::fact::*;
use kernel::filing::types;
use rulebook::finding::Verdict;
use rulebook::time::Instant;
use world::{World, code, draw, figure, money, plan};

#[test]
fn every_type_of_filing_of_real_figures_follows_from_its_own_facts() {
    let world = World::with_public_figures("types");
    let state = walk::state(world.dir()).unwrap();
    let (mut findings, mut remarks) = (0, 0);
    for kind in types().iter().filter(|kind| kind.rules != ["order"]) {
        for (exchange, _) in state.exchanges() {
            let period = match kind.period.as_str() {
                "year" => "2025",
                "month" => "2026-10",
                _ => "2026-10-31",
            };
            let plan = desk::plan(&state, &kind.id, exchange, Some(period), None, None).unwrap();
            let drawn = desk::draw(world.dir(), &state, &plan, Lang::En).unwrap();
            let verified = verify(&drawn.bytes, &Asked::default()).unwrap();
            assert!(verified.holds(), "{} {exchange}: {:?}", kind.id, verified.differences);
            findings += verified.follows.len();
            remarks += verified.facts.iter().filter(|(_, fact)| matches!(fact, Observation::Remark(_))).count();
            let omitted =
                bongsu::filing::gather::omitted(world.dir(), &verified.package, verified.checkpoint.size, kind)
                    .unwrap();
            assert_eq!(omitted, Vec::<u64>::new(), "{} {exchange}", kind.id);
        }
    }
    assert!(findings > 300 && remarks > 10, "{findings} findings, {remarks} remarks");
}

#[test]
fn one_changed_byte_anywhere_is_named() {
    let world = World::new("bytes");
    let drawn = world.signed();
    let asked = Asked::default();
    assert!(verify(&drawn, &asked).is_ok());
    let content = drawn.len() - 600;
    // Every byte of the head and of the seal, and one in 61 of what lies between: each is covered by the same hash.
    let places = (0..200).chain((200..content).step_by(61)).chain(content..drawn.len());
    for place in places {
        for bit in [0, 7] {
            let mut bytes = drawn.clone();
            bytes[place] ^= 1 << bit;
            let found = Package::open(&bytes).map(|_| ());
            let found = found.and_then(|()| verify(&bytes, &asked).map(|_| ()));
            assert!(found.is_err(), "byte {place} of {}, bit {bit}", drawn.len());
        }
    }
}

#[test]
fn a_file_that_is_cut_off_or_something_else_is_named() {
    let world = World::new("cut");
    let drawn = world.signed();
    for length in [0, 1, 17, 18, 25, 26, 1000, drawn.len() / 2, drawn.len() - 1] {
        let found = code(&drawn[..length]);
        let expected: &[&str] = if length < 18 { &["not-a-package"] } else { &["truncated"] };
        assert!(expected.contains(&found), "{length} of {}: {found}", drawn.len());
    }
    assert_eq!(code(b"PK\x03\x04 a zip"), "not-a-package");
    let mut longer = drawn.clone();
    longer.extend_from_slice(b"more");
    assert_ne!(code(&longer), "");
}

/// Changes a package and seals it again with the exchange's own key: what a dishonest exchange could hand in.
fn resealed(world: &World, change: impl FnOnce(&mut Package<'_>)) -> &'static str {
    let bytes = world.drawn();
    let mut package = Package::open(&bytes).unwrap().package;
    change(&mut package);
    let (bytes, _) = package.seal(&package::key(world.dir()).unwrap());
    code(&bytes)
}

#[test]
fn what_a_dishonest_exchange_could_seal_is_named() {
    let world = World::new("dishonest");
    assert_eq!(resealed(&world, |_| {}), "");
    assert_eq!(resealed(&world, |p| p.proof = None), "missing-proof");
    assert_eq!(resealed(&world, |p| p.proof.as_mut().unwrap().hashes[0][0] ^= 1), "broken-proof");
    assert_eq!(resealed(&world, |p| p.proof.as_mut().unwrap().hashes.truncate(1)), "broken-proof");
    // An entry left out, in the middle: the proof no longer fits.
    assert_eq!(resealed(&world, |p| p.entries.retain(|e| e.leaf[8] != 6)), "broken-proof");
    assert_eq!(resealed(&world, |p| p.entries.retain(|e| e.leaf[8] != 0)), "other-journal");
    assert_eq!(resealed(&world, |p| p.entries.swap(3, 4)), "entries-out-of-order");
    let body: Vec<u8> = Observation::from(money(9_000_000_000, "2026-10-01")).encode();
    let body = kernel::body::Body { observation: Observation::decode(Figure::KIND, &body).unwrap(), conclusions: None };
    let body = body.encode().unwrap();
    let forged = |p: &mut Package<'_>| {
        let last = p.entries.last_mut().unwrap();
        let (salt, _) = last.content.unwrap();
        *last = Entry { content: Some((salt, Box::leak(body.clone().into_boxed_slice()))), ..*last };
    };
    assert_eq!(resealed(&world, forged), "altered-body");
    assert_eq!(resealed(&world, |p| p.header.exchange = "y".into()), "other-exchange");
    assert_eq!(resealed(&world, |p| p.header.kind = "poem".into()), "unknown-type");
    assert_eq!(resealed(&world, |p| p.header.kind = "incident-report".into()), "other-rules");
    assert_eq!(resealed(&world, |p| p.header.rules.truncate(1)), "other-rules");
    assert_eq!(resealed(&world, |p| p.header.semantics = 99), "newer-semantics");
    assert_eq!(resealed(&world, |p| p.header.period.until = Instant(p.header.period.until.0 - 1)), "other-period");
    let far = bongsu::filing::period::read(&types()[1], "2030-01", &world::korea()).unwrap();
    assert_eq!(resealed(&world, |p| p.header.period = far), "period-not-over");
    let page = |entry: &Entry<'_>| journal::entry::Header::decode(entry.leaf).unwrap().kind == RulebookPage::KIND;
    let hide = |p: &mut Package<'_>| {
        let at = p.entries.iter().position(page).unwrap();
        p.entries[at].content = None;
    };
    assert_eq!(resealed(&world, hide), "missing-page");
    let adopted = |entry: &Entry<'_>| journal::entry::Header::decode(entry.leaf).unwrap().kind == RulebookAdopted::KIND;
    let none = |p: &mut Package<'_>| {
        let at = p.entries.iter().position(adopted).unwrap();
        p.entries[at].content = None;
    };
    assert_eq!(resealed(&world, none), "no-rulebook");
    let nameless = |p: &mut Package<'_>| {
        let kind = |entry: &Entry<'_>| journal::entry::Header::decode(entry.leaf).unwrap().kind;
        let at = p.entries.iter().position(|entry| kind(entry) == ExchangeRegistered::KIND).unwrap();
        p.entries[at].content = None;
    };
    assert_eq!(resealed(&world, nameless), "not-registered");
    let checkpoint = std::fs::read_to_string(World::new("other").dir().join("log/checkpoint")).unwrap();
    assert_eq!(resealed(&world, |p| p.checkpoint = Box::leak(checkpoint.into_boxed_str())), "bad-checkpoint");
}

#[test]
fn findings_that_do_not_follow_are_shown_one_by_one() {
    let world = World::new("findings");
    let bytes = world.drawn();
    let honest = verify(&bytes, &Asked::default()).unwrap();
    let mut findings = honest.filed.clone();
    let short = findings.iter().position(|f| f.verdict == Verdict::NotMet).unwrap();
    findings[short].verdict = Verdict::Met;
    let rule = findings[short].rule.clone();
    let forged = kernel::finding::encode(&findings);
    let mut package = Package::open(&bytes).unwrap().package;
    package.findings = &forged;
    let (bytes, _) = package.seal(&package::key(world.dir()).unwrap());
    let verified = verify(&bytes, &Asked::default()).unwrap();
    assert!(!verified.holds());
    let (filed, follows) = &verified.differences[0];
    assert_eq!(verified.differences.len(), 1);
    assert_eq!((filed.as_ref().unwrap().verdict, follows.as_ref().unwrap().verdict), (Verdict::Met, Verdict::NotMet));
    assert_eq!(filed.as_ref().unwrap().rule, rule);
    let problems = check::check(&verified, None, &[], Lang::En);
    assert_eq!(problems.iter().filter(|p| p.code == "does-not-follow").count(), 1);
    // A trace that tells another story is no better.
    let mut package = Package::open(&bytes).unwrap().package;
    let honest_findings = kernel::finding::encode(&honest.filed);
    package.findings = &honest_findings;
    let at = package.traces.iter().position(|trace| !trace.is_empty()).unwrap();
    package.traces[at].push_str("and all is well\n");
    let (bytes, _) = package.seal(&package::key(world.dir()).unwrap());
    let verified = verify(&bytes, &Asked::default()).unwrap();
    assert_eq!((verified.differences.len(), verified.other_traces, verified.holds()), (0, 1, false));
}

#[test]
fn another_key_an_older_checkpoint_and_a_fork_are_named() {
    let (world, other) = (World::new("signer"), World::new("stranger"));
    let drawn = world.signed();
    let key = package::key(world.dir()).unwrap().verifier(Algorithm::Ed25519);
    let stranger = package::key(other.dir()).unwrap().verifier(Algorithm::Ed25519);
    let with = |asked: Asked| verify(&drawn, &asked).map_or_else(|fault| fault.code(), |_| "");
    assert_eq!(with(Asked { key: Some(key.clone()), ..Asked::default() }), "");
    assert_eq!(with(Asked { key: Some(stranger.clone()), ..Asked::default() }), "wrong-signer");
    let opened = Package::open(&drawn).unwrap();
    let (foreign, _) = opened.package.seal(&package::key(other.dir()).unwrap());
    assert_eq!(code(&foreign), "wrong-signer");
    let own = Checkpoint::open(opened.package.checkpoint, &key).unwrap();
    let seen = |size: u64, byte: u8| {
        let mut root = own.root;
        root[0] ^= byte;
        Asked { seen: vec![Checkpoint { origin: own.origin.clone(), size, root }], ..Asked::default() }
    };
    assert_eq!(with(seen(own.size, 0)), "");
    assert_eq!(with(seen(own.size - 1, 1)), "");
    assert_eq!(with(seen(own.size + 1, 1)), "stale-checkpoint");
    assert_eq!(with(seen(own.size, 1)), "fork");
    assert_eq!(with(Asked { witnesses: vec![stranger], ..Asked::default() }), "no-witness");
    assert_eq!(with(Asked { exchange: Some("y".into()), ..Asked::default() }), "not-what-was-asked");
    // A line of the seal that vouches for somebody serves for nobody else.
    let place = drawn.windows(7).rposition(|window| window == b"cfo/p-1").unwrap();
    let mut renamed = drawn.clone();
    renamed[place..place + 7].copy_from_slice(b"ceo/p-1");
    assert_eq!(code(&renamed), "bad-seal");
}

#[test]
fn a_rulebook_nobody_knows_is_refused_unless_it_is_allowed() {
    let world = World::with_page("rulebook", "\nA remark of the exchange, which the law does not make.\n");
    let bytes = world.drawn();
    assert_eq!(code(&bytes), "unknown-rulebook");
    let allowed = Asked { allow_rulebook: true, ..Asked::default() };
    assert!(verify(&bytes, &allowed).unwrap().holds());
    let pages = desk::pages(&walk::state(world.dir()).unwrap());
    assert!(verify(&bytes, &Asked { pages, ..Asked::default() }).unwrap().holds(), "a page one has adopted is known");
}

#[test]
fn what_would_make_a_target_map_is_kept_back_and_revealed_one_by_one() {
    let world = World::new("target");
    // A wallet whose balance a filed rule does not read is not there at all; an address of an incident would be.
    let facts = [
        SubjectKnown {
            exchange: "x".into(),
            subject: Name::new("asset", "SECRET"),
            from: None,
            until: None,
            refers: vec![Name::new("wallet", "vault-9")],
            source: String::new(),
        }
        .into(),
        figure("users_quantity", Some(Name::new("asset", "SECRET")), 5, "2026-10-01"),
    ];
    world.tell(&facts);
    let bytes = world.drawn();
    let verified = verify(&bytes, &Asked::default()).unwrap();
    assert!(verified.holds());
    assert_eq!(verified.unseen.len(), 1);
    assert!(!bytes.windows(7).any(|window| window == b"vault-9"), "the name of a wallet left the exchange");
    let entry = *verified.unseen.first().unwrap();
    let header = package::Header {
        kind: bongsu::filing::verify::REVEALED.into(),
        id: "r".into(),
        exchange: "x".into(),
        rules: vec![],
        ..verified.package.header.clone()
    };
    let key = package::key(world.dir()).unwrap();
    let (revealed, _) = bongsu::filing::gather::reveal(world.dir(), &key, header, entry).unwrap();
    let revealed = verify(&revealed, &Asked::default()).unwrap();
    assert_eq!(revealed.facts.len(), 1);
    assert!(matches!(&revealed.facts[0].1, Observation::SubjectKnown(fact) if fact.refers[0].name == "vault-9"));
    let mut plan = plan(&world);
    plan.revealed = vec!["wallet".into()];
    let open = draw(&world, &plan);
    assert!(open.windows(7).any(|window| window == b"vault-9"));
    assert!(verify(&open, &Asked::default()).unwrap().unseen.is_empty());
}

#[test]
fn nothing_that_the_rules_read_is_left_out_and_an_omission_shows_against_the_journal() {
    let world = World::new("omitted");
    let bytes = world.drawn();
    let verified = verify(&bytes, &Asked::default()).unwrap();
    let kind = verified.kind.clone().unwrap();
    let size = verified.checkpoint.size;
    let none = bongsu::filing::gather::omitted(world.dir(), &verified.package, size, &kind).unwrap();
    assert_eq!(none, Vec::<u64>::new());
    let mut package = verified.package.clone();
    let last = package.entries.pop().unwrap();
    let index = journal::entry::Header::decode(last.leaf).unwrap().index;
    assert_eq!(bongsu::filing::gather::omitted(world.dir(), &package, size, &kind).unwrap(), [index]);
}

#[test]
fn the_whole_list_at_once_in_two_severities() {
    let world = World::new("check");
    let problems = |world: &World, explain: &[(&str, &str)]| {
        let mut plan = plan(world);
        plan.explained = explain.iter().map(|(rule, text)| (rule.to_string(), text.to_string())).collect();
        let state = walk::state(world.dir()).unwrap();
        desk::draw(world.dir(), &state, &plan, Lang::En).unwrap().problems
    };
    let list = problems(&world, &[]);
    let count = |list: &[check::Problem], code: &str, severity| {
        list.iter().filter(|problem| problem.code == code && problem.severity == severity).count()
    };
    assert!(count(&list, "unknown-fact", check::Severity::MustFix) > 3, "silence must be fixed");
    assert!(count(&list, "not-met", check::Severity::MustExplain) >= 1);
    assert!(list.is_sorted_by_key(|problem| problem.severity));
    let cover = list.iter().find(|problem| problem.code == "not-met").unwrap();
    assert!(cover.stops());
    let explained = problems(&world, &[(cover.rule.as_str(), "a policy is being bought")]);
    let cover = explained.iter().find(|problem| problem.code == "not-met" && problem.rule == cover.rule).unwrap();
    assert!(!cover.stops());
    // What the exchange says it does not know is to be explained, not to be fixed.
    let before = count(&list, "unknown-fact", check::Severity::MustFix);
    let word = list.iter().find(|p| p.code == "unknown-fact").unwrap().what.rsplit(' ').next().unwrap().to_string();
    let missing = Figure { value: FigureValue::Missing, word, ..money(0, "2026-10-01") };
    world.tell(&[missing.into()]);
    assert!(count(&problems(&world, &[]), "unknown-fact", check::Severity::MustFix) < before);
}

#[test]
fn evidence_is_kept_whole_and_checked() {
    let world = World::new("evidence");
    let file = world.dir().join("policy.pdf");
    std::fs::write(&file, b"a policy").unwrap();
    let (hash, bytes) = vault::keep(world.dir(), &file).unwrap();
    let kept = vault::path(world.dir(), &hash);
    assert_eq!(bytes, 8);
    assert_eq!(vault::keep(world.dir(), &file).unwrap().0, hash, "kept twice is kept once");
    let fact = EvidenceKept {
        exchange: "x".into(),
        subject: None,
        hash,
        bytes,
        name: "policy.pdf".into(),
        media: "application/pdf".into(),
        period: None,
        collected: world::at("2026-01-01"),
        received: world::at("2026-01-02"),
        expires: Some(world::at("2026-10-30")),
        rules: vec!["kr.vaupa.8".into()],
        by: "p-7".into(),
        source: String::new(),
    };
    world.tell(&[fact.into()]);
    let wrong = |at: &str| -> Vec<vault::Wrong> {
        let state = walk::state(world.dir()).unwrap();
        vault::check(world.dir(), &state, world::at(at)).into_iter().map(|(_, wrong)| wrong).collect()
    };
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(wrong("2026-10-30"), []);
    assert_eq!(wrong("2026-10-31"), [vault::Wrong::Expired]);
    let state = walk::state(world.dir()).unwrap();
    let drawn = desk::draw(world.dir(), &state, &plan(&world), Lang::En).unwrap();
    assert!(drawn.problems.iter().any(|problem| problem.code == "expired-evidence"), "{:?}", drawn.problems);
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(wrong("2026-10-30"), [vault::Wrong::Readable]);
    std::fs::write(&kept, b"A policy").unwrap();
    assert_eq!(wrong("2026-10-30"), [vault::Wrong::Differs]);
    let drawn = desk::draw(world.dir(), &state, &plan(&world), Lang::En).unwrap();
    assert!(drawn.problems.iter().any(|problem| problem.code == "evidence-differs"));
    let verified = verify(&drawn.bytes, &Asked::default()).unwrap();
    let folder = world.dir().join("vault");
    let told = bongsu::command::filing::evidence(&verified, Some(&folder), Lang::En);
    assert!(told.unwrap_err().to_string().contains("evidence-differs"));
    std::fs::remove_file(&kept).unwrap();
    assert_eq!(wrong("2026-10-30"), [vault::Wrong::Missing]);
}

#[test]
fn a_fault_says_what_to_do() {
    let faults = [
        Fault::NotAPackage,
        Fault::NoProof,
        Fault::Altered,
        Fault::Stale { seen: 9, found: 3 },
        Fault::UnknownRulebook { path: "law/x.md".into() },
    ];
    for fault in faults {
        let text = fault.to_string();
        assert!(text.starts_with(fault.code()) && text.len() > fault.code().len() + 20, "{text}");
    }
}
