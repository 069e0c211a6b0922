//! Addresses: one of every form is taken, every slip of one letter is refused where there is a checksum, lists pass as published.

use bongsu::address::{Assurance, canonical, chains, check, check_tag};
use std::fmt::Write as _;
use std::path::Path;

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect()
}

#[test]
fn every_form_is_taken() {
    for row in rows("addresses.csv") {
        let [chain, address, checked, ..] = &row[..] else { panic!("{row:?}") };
        let found = canonical(chain, address).unwrap_or_else(|problem| panic!("{problem}"));
        let said = match found.assurance {
            Assurance::Checksum => "checksum",
            Assurance::Form => "form",
            Assurance::Letters => "letters",
        };
        assert_eq!((said, address), (checked.as_str(), address), "{chain}");
        // The one form is its own one form.
        assert_eq!(canonical(chain, &found.text).unwrap().text, found.text, "{chain} {address}");
    }
}

/// Each letter replaced by every other, each left out, each doubled, each swapped with the next.
fn slips(address: &str) -> Vec<String> {
    let letters: Vec<char> = address.chars().collect();
    let mut out = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let with = |new: &[char]| -> String { letters[..at].iter().chain(new).chain(&letters[at + 1..]).collect() };
        out.extend((' '..='~').filter(|other| other != letter).map(|other| with(&[other])));
        out.extend([with(&[]), with(&[*letter, *letter])]);
        if let Some(next) = letters.get(at + 1).filter(|next| *next != letter) {
            let mut swapped = letters.clone();
            (swapped[at], swapped[at + 1]) = (*next, *letter);
            out.push(swapped.into_iter().collect());
        }
    }
    out
}

#[test]
fn every_slip_is_refused() {
    let mut text = String::from("chain          slips  taken\n");
    for row in rows("addresses.csv").iter().filter(|row| row[2] == "checksum") {
        let (chain, address) = (&row[0], &row[1]);
        let own = canonical(chain, address).unwrap();
        let slips = slips(address);
        // A slip that is another way to write the same address is none: capitals, hyphens.
        let other = |slip: &&String| {
            canonical(chain, slip).is_ok_and(|found| found.text != own.text && found.assurance == Assurance::Checksum)
        };
        let taken = slips.iter().filter(other).count();
        // What has a checksum for some and none for others is named by the form alone; a slip must not turn one into the other.
        let bare = slips.iter().filter(|slip| {
            canonical(chain, slip).is_ok_and(|found| found.text != own.text && found.assurance == Assurance::Form)
        });
        assert_eq!(bare.cloned().collect::<Vec<_>>(), Vec::<String>::new(), "{chain} {address}");
        writeln!(text, "{chain:13} {:6} {taken:6}", slips.len()).unwrap();
    }
    golden("slips.txt", &text);
}

#[test]
fn what_is_refused_and_why() {
    let mut text = String::new();
    for (chain, address) in [
        ("bitcoin", "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"),
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh"),
        ("bitcoin", "LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb"),
        ("bitcoin", ""),
        ("bitcoin", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT "),
        ("bitcoin-cash", "18M8bJWMzWHDBMxoLqjHHAffdRy4SrzkfB"),
        ("ethereum", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"),
        ("ethereum", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae"),
        ("tron", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
        ("xrp", "X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ"),
        ("xrp", "rnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh67"),
        ("stellar", "SBCVMMCBEDB64TVJZFYJOJAERZC4YVVUOE6SYR2Y76CBTENGUSGWRRVO"),
        ("stellar", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK"),
        ("solana", "42RLPACwZPx3vYYmxSueqsogfynBDqXK298EDsNoyoH"),
        ("cardano", "stake1ux3g2c9dx2nhhehyrezyxpkstartcqmu9hk63qgfkccw5rqttygt7"),
        ("polkadot", "J44Njxrdou5DC8iAWacqoisSehWjqa9z7cjmt8GuFBDAq4G"),
        ("aptos", "0x1"),
        ("eos", "Bitfinexdep1"),
        ("hedera", "0.0.123-vfmkx"),
        ("made-up-chain", "address with blanks"),
        ("made-up-chain", "адрес"),
        ("made-up-chain", "ab"),
    ] {
        let problem = check(chain, address).expect_err(address);
        writeln!(text, "{problem}").unwrap();
    }
    golden("refused.txt", &text);
    assert_eq!(canonical("made-up-chain", "x9f-ABC.1").unwrap().assurance, Assurance::Letters);
}

#[test]
fn tags_are_of_their_chain() {
    for (chain, tag, fits) in [
        ("xrp", "0", true),
        ("xrp", "4294967295", true),
        ("xrp", "4294967296", false),
        ("xrp", "-1", false),
        ("xrp", "+1", false),
        ("xrp", "007", false),
        ("xrp", "", false),
        ("stellar", "twenty-eight bytes at most..", true),
        ("stellar", "twenty-nine bytes are too long", false),
        ("cosmos", "108618262", true),
        ("bitcoin", "1", false),
        ("ethereum", "1", false),
    ] {
        assert_eq!(check_tag(chain, tag).is_ok(), fits, "{chain} {tag}");
    }
}

/// Every address of the list is one, but for what its publisher wrote in another way.
#[test]
fn the_published_list_passes() {
    let mut odd = Vec::new();
    for row in rows("lists/ofac-sdn-2025-12-04.csv") {
        let chain = match (row[0].as_str(), row[1].get(..1)) {
            ("XBT", _) => "bitcoin",
            // Tether's and Circle's tokens stand on several chains.
            ("USDT" | "USDC", Some("0")) => "ethereum",
            ("USDT" | "USDC", Some("T")) => "tron",
            ("USDT" | "USDC", _) => "bitcoin",
            ("ARB", _) => "arbitrum",
            (asset, _) => asset,
        };
        assert!(chains::form(chain).is_some(), "{row:?}");
        if let Err(problem) = check(chain, &row[1]) {
            odd.push(format!("{problem}\n"));
        }
    }
    golden("ofac.txt", &odd.concat());
}

fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/address").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}
