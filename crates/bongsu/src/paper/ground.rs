//! The grounds on which deposits or withdrawals may be withheld, as papers name them, with the place in the law.
//!
//! Which grounds there are is said on the page of the law; here are only their names. A test holds the two together.

use crate::lang::Lang;

/// A ground: its code, its name in English and Korean, the item of Decree 17 of the User Protection Act.
const GROUNDS: [(&str, &str, &str, &str, &str); 12] = [
    (
        "system",
        "failure or maintenance of the asset's system or network",
        "가상자산 관련 전산시스템·네트워크의 장애 또는 점검",
        "17(1)(a)",
        "제17조제1호가목",
    ),
    (
        "network",
        "failure or maintenance of our own network",
        "사업자 정보통신망의 장애 또는 점검",
        "17(1)(b)",
        "제17조제1호나목",
    ),
    (
        "bank",
        "failure or maintenance of the bank's network",
        "은행 정보통신망의 장애 또는 점검",
        "17(1)(c)",
        "제17조제1호다목",
    ),
    (
        "counterparty",
        "failure on the other side of the transfer",
        "거래 상대방 측의 장애",
        "17(1)(d)",
        "제17조제1호라목",
    ),
    ("delisting", "trading support for the asset ends", "거래지원 종료", "17(1)(e)", "제17조제1호마목"),
    (
        "count",
        "holdings are being counted against what is entrusted",
        "위탁 수량과 보유 수량의 확인",
        "17(1)(f)",
        "제17조제1호바목",
    ),
    ("closing", "the business ends", "영업의 종료", "17(1)(g)", "제17조제1호사목"),
    (
        "incident",
        "an accident such as a hack, and an urgent need to protect users and security",
        "해킹 등 사고의 발생과 이용자 보호·보안을 위한 긴급한 필요",
        "17(2)",
        "제17조제2호",
    ),
    (
        "authority",
        "request or order of an authority under law",
        "법령에 따른 행정기관 등의 요청·명령",
        "17(3)",
        "제17조제3호",
    ),
    ("aml", "duties against money laundering", "자금세탁방지 의무의 이행", "17(4)", "제17조제4호"),
    (
        "voice_phishing",
        "protection from telecommunications fraud, under the terms of service",
        "전기통신금융사기 예방을 위한 약관상 출금 제한",
        "17(5)",
        "제17조제5호",
    ),
    (
        "suspicion",
        "reasonable suspicion of a crime, under the terms of service",
        "범죄 관련성이 의심되는 합리적 사유에 따른 약관상 제한",
        "17(6)",
        "제17조제6호",
    ),
];

/// What a ground is called; the code itself where the law knows no such ground.
pub fn name(code: &str, lang: Lang) -> &str {
    GROUNDS.iter().find(|ground| ground.0 == code).map_or(code, |ground| lang.pick(ground.1, ground.2))
}

/// Where the law says so; none for what the law does not list.
pub fn cite(code: &str, lang: Lang) -> Option<String> {
    let (.., en, ko) = GROUNDS.iter().find(|ground| ground.0 == code)?;
    Some(match lang {
        Lang::En => format!("Enforcement Decree of the Virtual Asset User Protection Act, Art. {en}"),
        Lang::Ko => format!("가상자산이용자보호법 시행령 {ko}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rulebook::book::ParameterValue;
    use std::collections::BTreeSet;

    #[test]
    fn the_law_lists_the_same_grounds() {
        let book = crate::pages::shipped_law(&crate::pages::shipped_laws());
        let (book, _) = rulebook::build(kernel::words::vocabulary(), book);
        let listed =
            book.parameters.iter().find(|p| p.id.ends_with("blocking_grounds")).expect("the page lists grounds");
        let mut codes = BTreeSet::new();
        for (_, value) in &listed.values {
            if let ParameterValue::Codes(list) = value {
                codes.extend(list.iter().map(String::as_str));
            }
        }
        assert_eq!(codes, GROUNDS.iter().map(|ground| ground.0).collect());
    }
}
