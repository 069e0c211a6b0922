//! Deterministic CBOR, headers, genesis, and the checker.

use journal::cbor::{self, Decoder, Encoder};
use journal::checkpoint::Checkpoint;
use journal::entry::{EntryError, Header, body_hash};
use journal::genesis::{self, Genesis};
use journal::note::{Algorithm, SignerKey};
use journal::proof::InclusionProof;
use journal::tree::{consistency_proof, inclusion_proof, leaf_hash, root_of};
use journal::verify::{self, Body, Checker, Fault};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn integers_have_the_encodings_of_rfc_8949_appendix_a() {
    let table: [(i128, &str); 16] = [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (100, "1864"),
        (1000, "1903e8"),
        (1_000_000, "1a000f4240"),
        (1_000_000_000_000, "1b000000e8d4a51000"),
        (18_446_744_073_709_551_615, "1bffffffffffffffff"),
        (18_446_744_073_709_551_616, "c249010000000000000000"),
        (-18_446_744_073_709_551_616, "3bffffffffffffffff"),
        (-18_446_744_073_709_551_617, "c349010000000000000000"),
        (-1, "20"),
        (-10, "29"),
        (-100, "3863"),
        (i128::MAX, "c2507fffffffffffffffffffffffffffffff"),
        (i128::MIN, "c3507fffffffffffffffffffffffffffffff"),
    ];
    for (value, bytes) in table {
        let mut out = Encoder::new();
        out.i128(value);
        assert_eq!(out.as_bytes(), hex(bytes), "{value}");
        assert_eq!(Decoder::new(&hex(bytes)).i128(), Ok(value));
        let mut out = Encoder::new();
        if let Ok(small) = i64::try_from(value) {
            out.i64(small);
            assert_eq!(out.as_bytes(), hex(bytes));
            assert_eq!(Decoder::new(&hex(bytes)).i64(), Ok(small));
        } else {
            assert!(Decoder::new(&hex(bytes)).i64().is_err());
        }
        assert_eq!(Decoder::new(&hex(bytes)).u64().ok(), u64::try_from(value).ok());
    }
}

#[test]
fn only_the_one_encoding_is_accepted() {
    for good in ["40", "4401020304", "6161", "80", "8301820203820405", "a0", "a201020304", "f4", "f5", "f6", "a1018101"]
    {
        assert_eq!(cbor::check(&hex(good)), Ok(()), "{good}");
    }
    let refused = [
        ("", "nothing"),
        ("1817", "23 in two bytes"),
        ("190018", "24 in three bytes"),
        ("1a00000100", "256 in five bytes"),
        ("1b00000000ffffffff", "a 32-bit number in nine bytes"),
        ("5818", "a string cut off"),
        ("5f", "an indefinite string"),
        ("9f01ff", "an indefinite array"),
        ("bf0102ff", "an indefinite map"),
        ("c24101", "a bignum that fits 64 bits"),
        ("c249000000000000000001", "a bignum with a leading zero"),
        ("c2518000000000000000000000000000000000", "a bignum of 17 bytes"),
        ("c25080000000000000000000000000000000", "a bignum of 128 bits"),
        ("c101", "another tag"),
        ("f90000", "a half float"),
        ("fa47c35000", "a float"),
        ("f7", "undefined"),
        ("f820", "a simple value"),
        ("a203040102", "keys that descend"),
        ("a201020103", "a key twice"),
        ("a1616101", "a text key"),
        ("a12001", "a negative key"),
        ("61ff", "text that is not UTF-8"),
        ("0000", "something after the end"),
        ("1c", "a reserved length"),
        ("9bffffffffffffffff", "an array longer than memory"),
        ("bb7fffffffffffffff", "a map longer than memory"),
        ("5bffffffffffffffff", "a string longer than memory"),
    ];
    for (bytes, why) in refused {
        assert!(cbor::check(&hex(bytes)).is_err(), "{why}");
    }
    let nested = |depth: usize| [vec![0x81; depth], vec![0]].concat();
    assert_eq!(cbor::check(&nested(16)), Ok(()));
    assert!(cbor::check(&nested(17)).is_err());
    assert!(cbor::check(&vec![0x81; 1 << 20]).is_err());
}

/// Whatever is accepted is written back byte for byte: all strings of up to three bytes.
#[test]
fn accepted_bytes_are_the_bytes_that_would_be_written() {
    fn copy(from: &mut Decoder<'_>, out: &mut Encoder) {
        match from.peek().unwrap() {
            cbor::Kind::Integer => out.i128(from.i128().unwrap()),
            cbor::Kind::Bytes => out.bytes(from.bytes().unwrap()),
            cbor::Kind::Text => out.text(from.text().unwrap()),
            cbor::Kind::Bool => out.bool(from.bool().unwrap()),
            cbor::Kind::Null => {
                from.null().unwrap();
                out.null();
            }
            cbor::Kind::Array => {
                let length = from.array().unwrap();
                out.array(length);
                (0..length).for_each(|_| copy(from, out));
            }
            cbor::Kind::Map => {
                let mut fields = from.map().unwrap();
                let mut inner = Encoder::new();
                let mut count = 0;
                while let Some(key) = fields.next(from).unwrap() {
                    inner.key(key);
                    copy(from, &mut inner);
                    count += 1;
                }
                out.map(count);
                out.raw(inner.as_bytes());
            }
        }
    }
    for length in 1..=3u32 {
        for number in 0..1u32 << (8 * length) {
            let bytes = &number.to_be_bytes()[4 - length as usize..];
            if cbor::check(bytes).is_ok() {
                let mut out = Encoder::new();
                copy(&mut Decoder::new(bytes), &mut out);
                assert_eq!(out.as_bytes(), bytes);
            }
        }
    }
}

#[test]
fn unknown_odd_keys_are_skipped_and_unknown_even_keys_are_not() {
    let with = |key: u64| {
        let mut body = sample().encode();
        body[0] += 1;
        let mut out = Encoder::over(body);
        out.key(key);
        out.array(1);
        out.text("later");
        out.into_bytes()
    };
    assert_eq!(Genesis::decode(&with(13)), Ok(sample()));
    let error = Genesis::decode(&with(14)).unwrap_err();
    assert!(error.to_string().contains("even key"), "{error}");
}

fn sample() -> Genesis {
    Genesis {
        journal_id: [1; 16],
        role: "gate".into(),
        format: 1,
        semantics: 1,
        public_key: *SignerKey::new("k", &[9; 32]).unwrap().verifier(Algorithm::Ed25519).public(),
        offline_root: Some([3; 32]),
    }
}

#[test]
fn genesis_is_read_as_written_and_refused_when_short() {
    let body = sample().encode();
    assert_eq!(Genesis::decode(&body), Ok(sample()));
    assert_eq!(sample().origin(), "bongsu.journal/01010101010101010101010101010101");
    for end in 0..body.len() {
        assert!(Genesis::decode(&body[..end]).is_err());
    }
    assert!(Genesis::decode(&hex("a0")).unwrap_err().to_string().contains("0, 2, 4, 6 and 8"));
}

#[test]
fn headers_are_read_as_written_and_bad_ones_named() {
    let header = Header {
        index: 7,
        time: 1_764_000_000_000,
        kind: 3,
        version: 2,
        principal: "상황실",
        body_hash: body_hash(&[1; 16], b"x"),
    };
    let mut leaf = Vec::new();
    header.encode(&mut leaf);
    assert_eq!(Header::decode(&leaf), Ok(header));
    assert_eq!(Header::decode(&leaf[..52]), Err(EntryError::Short { length: 52 }));
    let edit = |at: usize, byte: u8| {
        let mut leaf = leaf.clone();
        leaf[at] = byte;
        Header::decode(&leaf).err()
    };
    assert_eq!(edit(0, 2), Some(EntryError::Format { found: 2 }));
    assert!(matches!(edit(9, 0x80), Some(EntryError::Time { .. })));
    assert_eq!(edit(53, 0xff), Some(EntryError::Principal));
    let long = [leaf.clone(), vec![b'a'; 60]].concat();
    assert_eq!(Header::decode(&long), Err(EntryError::Principal));
}

/// Five entries, genesis first: leaf, salt and body of each.
fn journal() -> Vec<(Vec<u8>, [u8; 16], Vec<u8>)> {
    (0..5u8)
        .map(|index| {
            let body = if index == 0 { sample().encode() } else { vec![index; 20] };
            let (salt, kind) = ([index; 16], u16::from(index));
            let header = Header {
                index: index.into(),
                time: 1000 + i64::from(index),
                kind,
                version: 1,
                principal: "p",
                body_hash: body_hash(&salt, &body),
            };
            let mut leaf = Vec::new();
            header.encode(&mut leaf);
            (leaf, salt, body)
        })
        .collect()
}

fn run(entries: &[(Vec<u8>, [u8; 16], Vec<u8>)]) -> Result<Checker, Fault> {
    let mut checker = Checker::new();
    for (leaf, salt, body) in entries {
        checker.entry(leaf, Body::Present { salt, body }, |_, _, _| {})?;
    }
    Ok(checker)
}

#[test]
fn a_removed_moved_changed_or_backdated_entry_is_named() {
    let whole = journal();
    assert_eq!(run(&whole).unwrap().tree().size(), 5);
    let mut removed = whole.clone();
    removed.remove(2);
    assert_eq!(run(&removed).err(), Some(Fault::Index { expected: 2, found: 3 }));
    let mut moved = whole.clone();
    moved.swap(3, 4);
    assert_eq!(run(&moved).err(), Some(Fault::Index { expected: 3, found: 4 }));
    let mut changed = whole.clone();
    changed[4].2[0] ^= 1;
    assert_eq!(run(&changed).err(), Some(Fault::Body { index: 4 }));
    let mut backdated = whole.clone();
    backdated[3].0[9..17].copy_from_slice(&999i64.to_be_bytes());
    assert_eq!(run(&backdated).err(), Some(Fault::Time { index: 3, last: 1002, found: 999 }));
    let mut again = whole.clone();
    again[1].0[17..19].copy_from_slice(&genesis::KIND.to_be_bytes());
    assert_eq!(run(&again).err(), Some(Fault::NoGenesis { index: 1 }));
}

#[test]
fn one_entry_and_one_growth_are_checked_from_bytes_and_a_key() {
    let entries = journal();
    let checker = run(&entries).unwrap();
    let signer = SignerKey::new(&checker.genesis().unwrap().origin(), &[9; 32]).unwrap();
    let key = signer.verifier(Algorithm::Ed25519);
    let hashes: Vec<_> = entries.iter().map(|entry| leaf_hash(&entry.0)).collect();
    let node = |level: u8, index: u64| -> Result<_, ()> {
        let start = (index << level) as usize;
        Ok(root_of(&mut hashes[start..start + (1 << level)].to_vec()))
    };
    let at = |size: usize| Checkpoint {
        origin: key.name().into(),
        size: size as u64,
        root: root_of(&mut hashes[..size].to_vec()),
    };
    let proof = InclusionProof {
        index: 3,
        hashes: inclusion_proof(3, 5, &mut { node }).unwrap().unwrap(),
        checkpoint: at(5).sign(&signer, 1),
    };
    let proof = InclusionProof::decode(&proof.encode()).unwrap();
    let (leaf, salt, body) = &entries[3];
    assert_eq!(verify::entry(leaf, Body::Present { salt, body }, &proof, &key).unwrap().index, 3);
    assert_eq!(verify::entry(leaf, Body::Destroyed, &proof, &key).unwrap().index, 3);
    assert_eq!(
        verify::entry(leaf, Body::Present { salt, body: b"other" }, &proof, &key),
        Err(Fault::Body { index: 3 })
    );
    assert!(verify::entry(&entries[2].0, Body::Destroyed, &proof, &key).is_err());
    let growth = consistency_proof(2, 5, &mut { node }).unwrap().unwrap();
    assert!(verify::growth(&at(2).sign(&signer, 1), &at(5).sign(&signer, 2), &growth, &key).is_ok());
    assert!(verify::growth(&at(3).sign(&signer, 1), &at(5).sign(&signer, 2), &growth, &key).is_err());
    assert_eq!(checker.checkpoint(&at(5)), Ok(()));
    assert_eq!(checker.checkpoint(&at(4)), Err(Fault::Size { signed: 4, found: 5 }));
    for bad in ["", "c2sp.org/tlog-proof@v1\nindex 03\n\nx", "c2sp.org/tlog-proof@v2\nindex 3\n\nx"] {
        assert!(InclusionProof::decode(bad).is_err());
    }
}

/// The format page shows the leaf of this entry; a stranger will test with it.
#[test]
fn the_examples_of_the_format_page_are_right() {
    let page = include_str!("../../../docs/journal-format.md");
    let salt = core::array::from_fn(|at| at as u8);
    let hash = body_hash(&salt, &hex("a10041ff"));
    let header = Header { index: 7, time: 1_764_000_000_000, kind: 3, version: 1, principal: "ops-7", body_hash: hash };
    let mut leaf = Vec::new();
    header.encode(&mut leaf);
    let show = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    for (name, bytes) in [("body hash ", &hash[..]), ("leaf      ", &leaf), ("leaf hash ", &leaf_hash(&leaf))] {
        let line = format!("{name} {}\n", show(bytes));
        assert!(page.contains(&line), "{line}");
    }
}
