//! The journal against published vectors: RFC 6962 (the Certificate Transparency reference
//! trees), golang.org/x/mod/sumdb/note, RFC 8032 and RFC 8949.

use journal::checkpoint::{Checkpoint, cosign, cosigned_at};
use journal::note::{Algorithm, Note, NoteError, SignerKey, VerifierKey};
use journal::proof::{ProofError, verify_consistency, verify_inclusion};
use journal::tree::{Tree, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, root_of};
use journal::{Hash, tiles};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn hash(text: &str) -> Hash {
    hex(text).try_into().unwrap()
}

/// The leaves and roots of `merkletree` in the Certificate Transparency reference code.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Root of the subtree of 2^level leaves that is the index-th: recomputed from all leaves.
fn node_of(hashes: &[Hash]) -> impl FnMut(u8, u64) -> Result<Hash, ()> + '_ {
    |level, index| {
        let start = (index << level) as usize;
        Ok(root_of(&mut hashes[start..start + (1 << level)].to_vec()))
    }
}

fn prove(index: u64, hashes: &[Hash]) -> Vec<Hash> {
    inclusion_proof(index, hashes.len() as u64, &mut node_of(hashes)).unwrap().unwrap()
}

fn grow(old: u64, hashes: &[Hash]) -> Vec<Hash> {
    consistency_proof(old, hashes.len() as u64, &mut node_of(hashes)).unwrap().unwrap()
}

#[test]
fn trees_match_the_certificate_transparency_vectors() {
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_eq!(
        leaf_hash(&hex("101112131415161718191a1b1c1d1e1f")),
        hash("3bfb960453ebaebf33727da7a1f4db38acc051d381b6da20d6d4e88f0eabfd7a")
    );
    assert_eq!(
        node_hash(
            &hash("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
            &hash("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f")
        ),
        hash("1a378704c17da31e2d05b6d121c2bb2c7d76f6ee6fa8f983e596c2d034963c57")
    );
    let mut tree = Tree::new();
    assert_eq!(tree.root(), empty_root());
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        tree.push(leaf_hash(&hex(leaf)), |_, _, _| {});
        assert_eq!(tree.root(), hash(root));
    }
}

#[test]
fn consistency_proofs_match_the_certificate_transparency_vectors() {
    let hashes: Vec<Hash> = LEAVES.iter().map(|leaf| leaf_hash(&hex(leaf))).collect();
    let table: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, new, expected) in table {
        let expected: Vec<Hash> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(grow(old, &hashes[..new as usize]), expected, "{old} to {new}");
        let (old_root, new_root) = (hash(ROOTS[old as usize - 1]), hash(ROOTS[new as usize - 1]));
        assert_eq!(verify_consistency(old, &old_root, new, &new_root, &expected), Ok(()));
    }
}

#[test]
fn every_proof_of_every_small_tree_holds_and_no_changed_one_does() {
    let hashes: Vec<Hash> = (0..70u8).map(|leaf| leaf_hash(&[leaf])).collect();
    let roots: Vec<Hash> = (0..=70).map(|size| root_of(&mut hashes[..size].to_vec())).collect();
    let mut tree = Tree::new();
    for size in 1..=70usize {
        tree.push(hashes[size - 1], |_, _, _| {});
        assert_eq!(tree.root(), roots[size]);
        for index in 0..size {
            let proof = prove(index as u64, &hashes[..size]);
            let verify = |index, proof: &[Hash]| {
                verify_inclusion(&hashes[index], index as u64, size as u64, &roots[size], proof)
            };
            assert_eq!(verify(index, &proof), Ok(()), "{index} of {size}");
            let mut longer = proof.clone();
            longer.push([0; 32]);
            assert_eq!(verify(index, &longer), Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(verify(index, shorter).is_err());
                let mut changed = proof.clone();
                changed[0][0] ^= 1;
                assert_eq!(verify(index, &changed), Err(ProofError::Root));
                assert!(verify((index + 1) % size, &proof).is_err());
            }
        }
        for old in 0..=size {
            let proof = grow(old as u64, &hashes[..size]);
            let verify = |old: usize, proof: &[Hash]| {
                verify_consistency(old as u64, &roots[old], size as u64, &roots[size], proof)
            };
            assert_eq!(verify(old, &proof), Ok(()), "{old} to {size}");
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at][31] ^= 128;
                assert!(verify(old, &changed).is_err());
            }
        }
    }
    assert_eq!(verify_inclusion(&hashes[0], 1, 1, &roots[1], &[]), Err(ProofError::Range));
    assert_eq!(verify_consistency(2, &roots[2], 1, &roots[1], &[]), Err(ProofError::Range));
}

#[test]
fn full_tiles_are_told_once_and_hold_the_roots_of_the_level_below() {
    let leaves: Vec<Hash> = (0..65_600u32).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect();
    let (mut tree, mut told) = (Tree::new(), Vec::new());
    for leaf in &leaves {
        tree.push(*leaf, |level, index, hashes| told.push((level, index, hashes.to_vec())));
    }
    assert_eq!(tree.root(), root_of(&mut leaves.clone()));
    assert_eq!(told.iter().filter(|tile| tile.0 == 0).count(), 256);
    assert_eq!(told.iter().filter(|tile| tile.0 == 1).count(), 1);
    let level_one = told.iter().find(|tile| tile.0 == 1).unwrap();
    for (level, index, hashes) in &told {
        if *level == 0 {
            assert_eq!(hashes.as_slice(), &leaves[*index as usize * 256..][..256]);
            assert_eq!(root_of(&mut hashes.clone()), level_one.2[*index as usize]);
        }
    }
    assert_eq!((tree.partial(0).len(), tree.partial(1).len(), tree.partial(2).len()), (64, 0, 1));
}

#[test]
fn tile_paths_and_widths_are_those_of_the_specification() {
    assert_eq!(tiles::tile_path(3, 1_234_067, 256), "tile/3/x001/x234/067");
    assert_eq!(tiles::tile_path(0, 0, 5), "tile/0/000.p/5");
    assert_eq!(tiles::entries_path(1000, 256), "tile/entries/x001/000");
    // The example of the specification: 70,000 leaves.
    let size = 70_000;
    for (level, index, width) in
        [(0, 272, 256), (0, 273, 112), (0, 274, 0), (1, 0, 256), (1, 1, 17), (2, 0, 1), (3, 0, 0)]
    {
        assert_eq!(tiles::width(level, index, size), width, "level {level}, tile {index}");
    }
    assert_eq!(tiles::width(1, 0, 256), 1);
    assert_eq!(tiles::locate(0, 300), (0, 1, 44..45));
    assert_eq!(tiles::locate(9, 130), (1, 1, 4..6));
}

#[test]
fn bundles_are_read_as_written_and_say_where_they_are_cut() {
    let mut bundle = Vec::new();
    for leaf in [&b"one"[..], b"", b"three"] {
        assert!(tiles::push_entry(&mut bundle, leaf));
    }
    let leaves: Result<Vec<_>, _> = tiles::entries(&bundle).collect();
    assert_eq!(leaves.unwrap(), [&b"one"[..], b"", b"three"]);
    bundle.pop();
    assert_eq!(tiles::entries(&bundle).last(), Some(Err(7)));
    assert!(!tiles::push_entry(&mut bundle, &[0; 65_536]));
}

const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER_LINE: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const ENOCH_LINE: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

#[test]
fn notes_match_the_go_vectors() {
    let (peter, enoch) = (VerifierKey::parse(PETER).unwrap(), VerifierKey::parse(ENOCH).unwrap());
    assert_eq!(peter.to_string(), PETER);
    let secret = SignerKey::parse(PETER_SECRET).unwrap();
    assert_eq!(secret.encode(), PETER_SECRET);
    assert_eq!(secret.sign_note(TEXT), PETER_LINE);
    let note = format!("{TEXT}\n{PETER_LINE}{ENOCH_LINE}");
    let note = Note::parse(&note).unwrap();
    assert_eq!((note.text, note.signatures.len()), (TEXT, 2));
    assert_eq!((note.verify(&peter), note.verify(&enoch)), (Ok(()), Ok(())));
    let only = format!("{TEXT}\n{PETER_LINE}");
    assert_eq!(Note::parse(&only).unwrap().verify(&enoch), Err(NoteError::Unsigned));
    let edited = only.replace("cryptography", "cryptographY");
    assert_eq!(Note::parse(&edited).unwrap().verify(&peter), Err(NoteError::Signature));
}

#[test]
fn malformed_notes_and_keys_are_refused() {
    for bad in [
        TEXT.to_string(),
        format!("{TEXT}\n"),
        format!("{TEXT}\n{}", PETER_LINE.trim_end()),
        format!("\u{1}{TEXT}\n{PETER_LINE}"),
        format!("{TEXT}\n{}", PETER_LINE.replace("PeterNeumann", "Bad Name")),
        format!("{TEXT}\n{PETER_LINE}Unexpected line.\n"),
        format!("{TEXT}\n{}", PETER_LINE.repeat(101)),
    ] {
        assert_eq!(Note::parse(&bad), Err(NoteError::Malformed), "{bad}");
    }
    for key in [PETER, PETER_SECRET] {
        let parses = |text: &str| VerifierKey::parse(text).is_ok() || SignerKey::parse(text).is_ok();
        for start in 0..key.len() {
            for end in start + 1..=key.len() {
                // Without its prefix and with the same id, a secret is no public key either.
                assert_eq!(parses(&key[start..end]), (start, end) == (0, key.len()), "{}", &key[start..end]);
            }
            let mut changed = key.as_bytes().to_vec();
            changed[start] += 1;
            assert!(!parses(core::str::from_utf8(&changed).unwrap()), "byte {start}");
        }
    }
}

#[test]
fn signatures_match_rfc_8032() {
    let table = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ];
    for (seed, public, message, signature) in table {
        let key = SignerKey::new("k", &hash(seed)).unwrap();
        assert_eq!(key.verifier(Algorithm::Ed25519).public(), &hash(public));
        assert_eq!(key.sign(&hex(message)).to_vec(), hex(signature));
        assert_eq!(key.verifier(Algorithm::Ed25519).verify(&hex(message), &hex(signature)), Ok(()));
    }
    let weak = VerifierKey::new(
        "k",
        Algorithm::Ed25519,
        &hash("0100000000000000000000000000000000000000000000000000000000000000"),
    );
    assert_eq!(weak, Err(NoteError::Key));
}

#[test]
fn a_checkpoint_says_who_how_many_which_root_and_when() {
    let journal = SignerKey::new("bongsu.journal/00", &[7; 32]).unwrap();
    let witness = SignerKey::new("witness.example/w1", &[8; 32]).unwrap();
    let checkpoint = Checkpoint { origin: "bongsu.journal/00".into(), size: 8, root: hash(ROOTS[7]) };
    let (key, other) = (journal.verifier(Algorithm::Ed25519), witness.verifier(Algorithm::Ed25519));
    let mut note = checkpoint.sign(&journal, 1_764_000_000);
    note.push_str(&cosign(&checkpoint.text(), &witness, 1_764_000_001));
    assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint));
    assert_eq!(cosigned_at(&note, &key), Ok(1_764_000_000));
    assert_eq!(cosigned_at(&note, &other), Ok(1_764_000_001));
    for changed in [note.replace("\n8\n", "\n9\n"), note.replace("journal/00\n8", "journal/01\n8")] {
        assert!(Checkpoint::open(&changed, &key).is_err());
        assert!(cosigned_at(&changed, &other).is_err());
    }
    for bad in ["a\n8\n", "a\n08\nqqqq\n", "\n8\n", "a\n8\nAAAA\n", "a\n-1\nAAAA\n"] {
        assert!(Checkpoint::parse(bad).is_err(), "{bad:?}");
    }
}

/// The example of c2sp.org/tlog-cosignature: its key id and time, if not its key, are public.
#[test]
fn the_published_cosignature_carries_its_time() {
    let note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let note = Note::parse(note).unwrap();
    assert_eq!(Checkpoint::parse(note.text).unwrap().size, 20_852_163);
    assert_eq!(note.signatures[1].id, 0x8d66_cf3f);
    assert_eq!(u64::from_be_bytes(note.signatures[1].bytes[..8].try_into().unwrap()), 1_679_315_147);
}
