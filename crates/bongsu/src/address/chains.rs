//! The chains, and what their addresses look like.
//!
//! It promises that a chain has one row. A chain that is not here is checked for letters alone, and the answer says so.

use super::{Answer, base32, base58, bech, hex, named};

/// How the addresses of a chain are written.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Base58 with a checksum under one of these first bytes, or bech32 under this prefix.
    Coin(&'static [&'static [u8]], Option<&'static str>),
    /// CashAddr under this prefix; the old form is Bitcoin's.
    Cash(&'static str),
    /// Twenty bytes in hexadecimal, with the checksum of EIP-55 in its capitals.
    Evm,
    /// Thirty-two bytes in hexadecimal.
    Hex32,
    /// Base58 of Ripple's alphabet.
    Xrp,
    /// Thirty-two bytes in base58.
    Solana,
    /// Bech32 of Shelley, or base58 of Byron.
    Cardano,
    /// Bech32 under this prefix.
    Cosmos(&'static str),
    /// SS58 under this prefix.
    Polkadot(u8),
    /// Base58 in blocks.
    Monero,
    /// Base58 with a checksum under three bytes.
    Tezos,
    /// Strkey.
    Stellar,
    /// Base32 with a checksum of SHA-512/256.
    Algorand,
    /// Base32 with a checksum of Keccak.
    Nem,
    /// Base32 with a checksum of SHA-3.
    Symbol,
    /// f1, f2, f3 and f0, f4.
    Filecoin,
    /// Base64 with a checksum, or the raw form.
    Ton,
    /// Names of up to twelve letters.
    Eos,
    /// Three numbers, perhaps with a checksum.
    Hedera,
    /// Names with dots, or 64 hexadecimal digits.
    Near,
}

/// What goes with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Nothing.
    None,
    /// A number of 32 bits.
    Number32,
    /// Text of at most so many bytes.
    Bytes(usize),
}

/// The chains: names, form.
const CHAINS: &[(&[&str], Form)] = &[
    (&["bitcoin", "btc"], Form::Coin(&[&[0x00], &[0x05]], Some("bc"))),
    (&["bitcoin-cash", "bch"], Form::Cash("bitcoincash")),
    (&["ecash", "xec"], Form::Cash("ecash")),
    (&["bitcoin-sv", "bsv"], Form::Coin(&[&[0x00], &[0x05]], None)),
    (&["bitcoin-gold", "btg"], Form::Coin(&[&[0x26], &[0x17]], Some("btg"))),
    // Script addresses of Litecoin begin with M; the old ones, with 3, look like Bitcoin's.
    (&["litecoin", "ltc"], Form::Coin(&[&[0x30], &[0x32]], Some("ltc"))),
    (&["dogecoin", "doge"], Form::Coin(&[&[0x1e], &[0x16]], None)),
    (&["dash"], Form::Coin(&[&[0x4c], &[0x10]], None)),
    (&["verge", "xvg"], Form::Coin(&[&[0x1e], &[0x21]], None)),
    (&["zcash", "zec"], Form::Coin(&[&[0x1c, 0xb8], &[0x1c, 0xbd]], Some("zs"))),
    (&["qtum"], Form::Coin(&[&[0x3a], &[0x32]], Some("qc"))),
    (&["digibyte", "dgb"], Form::Coin(&[&[0x1e], &[0x3f]], Some("dgb"))),
    (&["tron", "trx"], Form::Coin(&[&[0x41]], None)),
    (
        &[
            "ethereum",
            "eth",
            "ethereum-classic",
            "etc",
            "arbitrum",
            "optimism",
            "base",
            "polygon",
            "matic",
            "bsc",
            "bnb",
            "bnb-chain",
            "avalanche",
            "avax",
            "gnosis",
            "linea",
            "scroll",
            "zksync",
            "mantle",
            "blast",
            "kaia",
            "klaytn",
            "fantom",
            "sonic",
            "cronos",
            "celo",
            "chiliz",
            "worldchain",
            "berachain",
            "ronin",
            "opbnb",
            "vechain",
            "theta",
            "wemix",
        ],
        Form::Evm,
    ),
    (&["aptos", "apt", "sui"], Form::Hex32),
    (&["xrp", "xrpl", "ripple"], Form::Xrp),
    (&["solana", "sol"], Form::Solana),
    (&["cardano", "ada"], Form::Cardano),
    (&["cosmos", "atom"], Form::Cosmos("cosmos")),
    (&["osmosis", "osmo"], Form::Cosmos("osmo")),
    (&["terra", "luna"], Form::Cosmos("terra")),
    (&["injective", "inj"], Form::Cosmos("inj")),
    (&["sei"], Form::Cosmos("sei")),
    (&["celestia", "tia"], Form::Cosmos("celestia")),
    (&["kava"], Form::Cosmos("kava")),
    (&["thorchain", "rune"], Form::Cosmos("thor")),
    (&["axelar", "axl"], Form::Cosmos("axelar")),
    (&["dydx"], Form::Cosmos("dydx")),
    (&["mediblock", "panacea"], Form::Cosmos("panacea")),
    (&["polkadot", "dot"], Form::Polkadot(0)),
    (&["kusama", "ksm"], Form::Polkadot(2)),
    (&["monero", "xmr"], Form::Monero),
    (&["tezos", "xtz"], Form::Tezos),
    (&["stellar", "xlm"], Form::Stellar),
    (&["algorand", "algo"], Form::Algorand),
    (&["nem", "xem"], Form::Nem),
    (&["symbol", "xym"], Form::Symbol),
    (&["filecoin", "fil"], Form::Filecoin),
    (&["ton", "toncoin"], Form::Ton),
    (&["eos", "wax", "vaulta"], Form::Eos),
    (&["hedera", "hbar"], Form::Hedera),
    (&["near"], Form::Near),
];

/// What the addresses of a chain look like; `None` for a chain this program has no rule for.
pub fn form(chain: &str) -> Option<Form> {
    let named = |names: &&str| names.eq_ignore_ascii_case(chain);
    CHAINS.iter().find(|(names, _)| names.iter().any(named)).map(|(_, form)| *form)
}

/// The name that this program gives to a chain, or to the chain of an asset; the text itself where it has none.
pub fn name(chain: &str) -> &str {
    let found = CHAINS.iter().find(|(names, _)| names.iter().any(|name| name.eq_ignore_ascii_case(chain)));
    match found {
        // Chains of one form share a row, not a name.
        Some((names, Form::Evm)) => match chain.to_ascii_lowercase().as_str() {
            "eth" => "ethereum",
            "etc" => "ethereum-classic",
            "matic" => "polygon",
            "avax" => "avalanche",
            "bnb" | "bnb-chain" => "bsc",
            _ => names.iter().find(|name| name.eq_ignore_ascii_case(chain)).copied().unwrap_or(chain),
        },
        Some((_, Form::Eos | Form::Hex32)) if !chain.eq_ignore_ascii_case("apt") => chain,
        Some((names, _)) => names.first().copied().unwrap_or(chain),
        None => chain,
    }
}

/// What goes with an address of a chain.
pub fn tag(chain: &str) -> Tag {
    match form(chain) {
        Some(Form::Xrp) => Tag::Number32,
        Some(Form::Stellar) => Tag::Bytes(28),
        Some(Form::Hedera) => Tag::Bytes(100),
        // Their memo is as long as the chain's owner lets it be.
        Some(Form::Cosmos(_) | Form::Eos | Form::Ton | Form::Algorand | Form::Nem | Form::Symbol) => Tag::Bytes(256),
        Some(Form::Near | Form::Solana) => Tag::Bytes(256),
        None => Tag::Bytes(256),
        Some(_) => Tag::None,
    }
}

impl Form {
    /// Reads an address of this form.
    pub(crate) fn read(self, text: &str) -> Answer {
        match self {
            Form::Coin(versions, prefix) => match prefix {
                Some(prefix) if bech::begins(text, prefix) => bech::coin(text, prefix),
                _ => base58::coin(text, versions),
            },
            Form::Cash(prefix) => bech::cash(text, prefix),
            Form::Evm => hex::evm(text),
            Form::Hex32 => hex::long(text),
            Form::Xrp => base58::xrp(text),
            Form::Solana => base58::solana(text),
            Form::Cardano if bech::begins(text, "addr") || bech::begins(text, "stake") => bech::cardano(text),
            Form::Cardano => base58::byron(text),
            Form::Cosmos(prefix) => bech::cosmos(text, prefix),
            Form::Polkadot(prefix) => base58::polkadot(text, prefix),
            Form::Monero => base58::monero(text),
            Form::Tezos => base58::tezos(text),
            Form::Stellar => base32::stellar(text),
            Form::Algorand => base32::algorand(text),
            Form::Nem => base32::nem(text),
            Form::Symbol => base32::symbol(text),
            Form::Filecoin => base32::filecoin(text),
            Form::Ton => named::ton(text),
            Form::Eos => named::eos(text),
            Form::Hedera => named::hedera(text),
            Form::Near => named::near(text),
        }
    }
}
