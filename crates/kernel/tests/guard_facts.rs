//! The facts and conclusions of the guard are read back as they were, and only in their one encoding.

use kernel::fact::*;
use kernel::guard::conclusion::*;
use rulebook::time::Instant;

fn check(fact: impl Into<Observation>) {
    let fact = fact.into();
    let bytes = fact.encode();
    journal::cbor::check(&bytes).unwrap();
    assert_eq!(Observation::decode(fact.kind(), &bytes).as_ref(), Ok(&fact), "{}", fact.name());
    for cut in 0..bytes.len() {
        assert!(Observation::decode(fact.kind(), &bytes[..cut]).is_err(), "{} cut at {cut}", fact.name());
    }
}

const X: &str = "upbit";

fn asked() -> WithdrawalAsked {
    WithdrawalAsked {
        exchange: X.into(),
        id: "w-1".into(),
        wallet: "hot-sol".into(),
        asset: "SOL".into(),
        amount: 1_000_000_000,
        destination: "9xQe".into(),
        tag: None,
        customer: "c-1".into(),
        initiator: "api".into(),
        second_factor: Some("totp:1".into()),
        at: Instant(1_700_000_000_000),
    }
}

#[test]
fn each_fact_is_read_back() {
    let (exchange, at, source) = (|| String::from(X), Instant(1_700_000_000_000), || String::from("house"));
    let scope = |what| Scope { what, sides: Sides::Both };
    check(AssetListed {
        exchange: exchange(),
        source: source(),
        asset: "SOL".into(),
        chain: "solana".into(),
        decimals: 9,
    });
    for tier in Tier::ALL {
        check(WalletRegistered {
            exchange: exchange(),
            source: source(),
            wallet: "hot-sol".into(),
            chain: "solana".into(),
            address: "HoT".into(),
            domain: "hot-1".into(),
            tier: *tier,
            change: (*tier == Tier::Evacuation).then(|| "p-1".into()),
        });
    }
    check(PriceSeen {
        exchange: exchange(),
        asset: "SOL".into(),
        venue: "own".into(),
        won: Exact::new(215_001, 2).unwrap(),
        at,
    });
    check(asked());
    check(WithdrawalAsked { amount: 10i128.pow(30), tag: Some("7".into()), second_factor: None, ..asked() });
    for reject in [false, true] {
        let (by, group) = (String::from("p-1"), String::from("withdrawal-officer"));
        let request = asked().request();
        check(ApprovalGiven { exchange: exchange(), withdrawal: "w-1".into(), by, group, request, reject, at });
    }
    let effect = |operation| Effect {
        asset: "SOL".into(),
        amount: 7,
        destination: "9xQe".into(),
        tag: Some("1".into()),
        operation,
    };
    let effects =
        vec![effect(Operation::Transfer), effect(Operation::Delegate), effect(Operation::Other("burn".into()))];
    for effect in [vec![], effects] {
        check(PayloadShown { exchange: exchange(), withdrawal: "w-1".into(), effect, at });
    }
    for how in Ending::ALL {
        check(WithdrawalEnded { exchange: exchange(), withdrawal: "w-1".into(), how: *how, at });
    }
    let transfer = |what, failed: bool| Transfer {
        tx: "5Kd:0".into(),
        from: "HoT".into(),
        to: "9xQe".into(),
        asset: "SOL".into(),
        amount: 1,
        tag: None,
        fee: 5_000,
        fee_asset: failed.then(|| "SOL".into()),
        failed,
        log: !failed,
        what,
    };
    let transfers = vec![
        transfer(Moves::Amount, true),
        transfer(Moves::Authority("delegate".into()), false),
        transfer(Moves::Named("rent".into()), false),
    ];
    for transfers in [vec![], transfers] {
        check(BlockRead {
            exchange: exchange(),
            chain: "solana".into(),
            source: "node-a".into(),
            height: 7,
            hash: "b7".into(),
            parent: "b6".into(),
            at,
            transfers,
        });
    }
    check(CreditAsked {
        exchange: exchange(),
        id: "cr-1".into(),
        customer: "c-1".into(),
        asset: "BTC".into(),
        amount: 62_000_000_000_000,
        event: Some("lucky box".into()),
        deposit: None,
        at,
    });
    check(EventDeclared {
        exchange: exchange(),
        event: "lucky box".into(),
        asset: "KRW".into(),
        budget: 620_000,
        by: "p-3".into(),
        at,
        change: Some("p-9".into()),
    });
    check(HoldingsRead { exchange: exchange(), asset: "BTC".into(), held: 43, entrusted: 42, at });
    for list in List::ALL {
        check(ListChanged {
            exchange: exchange(),
            source: "OFAC".into(),
            list: *list,
            chain: "bitcoin".into(),
            address: "1Bad".into(),
            add: true,
            by: "p-1".into(),
            at,
            customer: None,
        });
    }
    for what in [
        Reach::All,
        Reach::Domain("hot-1".into()),
        Reach::Chain("solana".into()),
        Reach::Asset("SOL".into()),
        Reach::Wallet("hot-sol".into()),
    ] {
        let (by, reason) = (String::from("p-1"), String::from("strange"));
        check(Suspended { exchange: exchange(), reason, scope: scope(what), by, at });
    }
    for step in [
        ResumptionStep::Cause(Cause::Key),
        ResumptionStep::Reconciled,
        ResumptionStep::Told,
        ResumptionStep::Canary(1_000_000),
        ResumptionStep::Percent(10),
        ResumptionStep::Full,
        ResumptionStep::Back,
    ] {
        let (by, reason) = (String::from("p-2"), String::new());
        check(ResumptionMoved { exchange: exchange(), reason, scope: scope(Reach::All), step, by, at });
    }
    check(MandateSigned {
        exchange: exchange(),
        id: "sweep".into(),
        from: Descriptor::Tier(Tier::Deposit),
        to: Descriptor::Wallet("hot-sol".into()),
        asset: "SOL".into(),
        cap_each: 1,
        cap_window: 2,
        window: 3_600_000,
        fee_cap: 5_000,
        expires: at,
        by: "p-1".into(),
        change: None,
    });
    let makes = makes(AssetListed::KIND, &[0xa0]);
    check(PolicyAsked {
        exchange: exchange(),
        change: "a new asset".into(),
        id: "p-1".into(),
        makes,
        by: "p-1".into(),
        at,
    });
    check(BalanceRead { exchange: exchange(), wallet: "hot-sol".into(), asset: "SOL".into(), balance: 0, at });
    for tag in [None, Some("7".to_string())] {
        let ticket = Ticket {
            id: "k-1".into(),
            wallet: "hot-sol".into(),
            asset: "SOL".into(),
            destination: "9xQe".into(),
            tag,
            cap: 7,
            from: at,
            until: at.plus(3_600_000),
            reason: "the gate is down".into(),
        };
        let signature = |by: &str| TicketSignature { by: by.into(), public: [7; 32], signature: [9; 64] };
        let signatures = vec![signature("p-1"), signature("p-2")];
        check(TicketSigned { exchange: exchange(), ticket, signatures, at });
    }
    check(TicketReviewed {
        exchange: exchange(),
        finding: "as said".into(),
        ticket: "k-1".into(),
        by: "p-3".into(),
        at,
    });
    check(ChainWatched {
        exchange: exchange(),
        chain: "solana".into(),
        sources: vec!["node-a".into(), "node-b".into()],
        depth: 0,
        behind: 30,
        silence: 60_000,
        change: None,
        observed: true,
    });
    check(GuardLooked { exchange: exchange(), at });
    let (leaf, salt) = (Bytes(vec![1, 2]), Some(Bytes(vec![7; 16])));
    check(GateEntry { exchange: exchange(), leaf: leaf.clone(), salt, body: Some(Bytes(vec![0xa0])) });
    check(GateEntry { exchange: exchange(), leaf, salt: None, body: None });
    check(GatePinned { exchange: exchange(), key: "gate+1+key".into(), grace: 2_000 });
    check(GateSigned { exchange: exchange(), note: "origin".into(), at });
    let scope = Scope { what: Reach::All, sides: Sides::Both };
    check(GateTold { exchange: exchange(), said: "journaled".into(), scope, at, entry: Some(7) });
    check(GateSilent { exchange: exchange(), since: at, at });
    for roles in [vec![], Role::ALL.to_vec()] {
        check(KeyEnrolled {
            exchange: exchange(),
            key: "ops-1".into(),
            public: [7; 32],
            holder: "p-1".into(),
            roles,
            change: Some("c-1".into()),
        });
    }
    check(PersonEnrolled {
        exchange: exchange(),
        person: "p-1".into(),
        identity: [3; 32],
        groups: vec!["withdrawal-officer".into()],
        change: None,
    });
}

#[test]
fn a_request_hash_covers_every_field() {
    let base = asked().request();
    for (what, changed) in [
        ("amount", WithdrawalAsked { amount: 2, ..asked() }),
        ("destination", WithdrawalAsked { destination: "9xQf".into(), ..asked() }),
        ("tag", WithdrawalAsked { tag: Some("1".into()), ..asked() }),
        ("factor", WithdrawalAsked { second_factor: None, ..asked() }),
        ("time", WithdrawalAsked { at: Instant(0), ..asked() }),
    ] {
        assert_ne!(changed.request(), base, "{what}");
    }
}

#[test]
fn what_says_nothing_is_left_out_and_refused_when_it_is_there() {
    let mut out = journal::cbor::Encoder::new();
    out.map(4);
    for (key, text) in [(0, X), (2, "w-1")] {
        out.key(key);
        out.text(text);
    }
    out.key(4);
    out.array(0);
    out.key(6);
    out.i64(0);
    assert!(Observation::decode(PayloadShown::KIND, out.as_bytes()).is_err(), "an empty list of effects");
}

#[test]
fn conclusions_are_read_back() {
    let scope = || Scope { what: Reach::Domain("hot-1".into()), sides: Sides::Both };
    let unmet = || vec![Unmet { rule: "policy.ordinary".into(), condition: "value <= 1 KRW".into() }];
    let hold = Verdict::Hold(Hold { approvals: 2, by: Some("officer".into()), until: Some(Instant(9)) });
    let decided = |verdict: Verdict| Decided {
        id: "w-1".into(),
        verdict,
        rule: Some("policy.ordinary".into()),
        won: Some(215_000),
        why: None,
        missing: vec!["value".into()],
        unmet: unmet(),
        observed: vec!["policy.new".into()],
    };
    let list = vec![
        Concluded::Decided(decided(Verdict::Allow)),
        Concluded::Decided(decided(hold.clone())),
        Concluded::Decided(decided(Verdict::Deny)),
        Concluded::Signable(Signable { withdrawal: "w-1".into(), verdict: Verdict::Deny, why: Some("amount".into()) }),
        Concluded::Matched(Matched { tx: "t".into(), withdrawal: "w-1".into() }),
        Concluded::Mandated(Mandated { tx: "t".into(), mandate: "sweep".into() }),
        Concluded::Named(Named { tx: "t".into(), cause: "rent".into() }),
        Concluded::Unmatched(Unmatched {
            cause: Some("fee".into()),
            tx: "t".into(),
            wallet: "hot-sol".into(),
            asset: "SOL".into(),
            amount: 1,
            won: None,
            why: "no authorisation".into(),
        }),
        Concluded::Paused(Paused { scope: scope(), why: "node-b is silent".into() }),
        Concluded::Unpaused(scope()),
        Concluded::Tripped(Tripped { scope: scope(), cause: "unmatched".into(), tx: Some("t".into()), rule: None }),
        Concluded::Evacuate(Evacuation {
            domain: "hot-1".into(),
            moves: vec![Move {
                wallet: "hot-sol".into(),
                asset: "SOL".into(),
                amount: 5,
                to: "cold-sol".into(),
                won: Some(1_075_000),
            }],
            cannot: vec![Stuck { wallet: "hot-sol".into(), asset: "W".into(), why: "no enrolled address".into() }],
            automatic: true,
        }),
        Concluded::Credited(Credited {
            credit: "cr-1".into(),
            verdict: Verdict::Deny,
            rule: Some("policy.held".into()),
            hint: Some("won entered as BTC".into()),
            missing: vec![],
            unmet: vec![],
        }),
        Concluded::Resumed(Resumed { scope: scope(), step: ResumptionStep::Percent(10) }),
        Concluded::Retracted("t".into()),
        Concluded::Fires(4),
        Concluded::Exposed(Exposed { asset: "SOL".into(), warns: true, rule: None }),
        Concluded::Differs(Differs { entry: 7, why: "x".into(), admitted: true, follows: Some(Bytes(vec![0x80])) }),
    ];
    let bytes = encode(&list).unwrap();
    journal::cbor::check(&bytes).unwrap();
    assert_eq!(decode(&bytes), Ok(list));
    assert_eq!(encode(&[]), None);
    for cut in 0..bytes.len() {
        assert!(decode(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}
