#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use proptest::prelude::*;

fn is_found(doc: &Doc<'_>, typed: &str) -> bool {
    Query::parse(typed).is_some_and(|query| is_match(doc, &query))
}

fn is_match(doc: &Doc<'_>, query: &Query) -> bool {
    let Findable { tokens, body } = Findable::of(doc);
    matches(&tokens, &body, query)
}

fn named(name: &str) -> Doc<'_> {
    Doc { names: vec![name], ..Doc::default() }
}

#[test]
fn chinese_names_are_found_by_parts_and_by_sound() {
    let doc = named("孙悟空");
    for typed in [
        "孙",
        "悟",
        "空",
        "孙悟",
        "悟空",
        "孙悟空",
        "swk",
        "sw",
        "wk",
        "k",
        "SWK",
        "ｓｗｋ",
        "sunwukong",
        "wukong",
        "sunw",
        "sun wu",
    ] {
        assert!(is_found(&doc, typed), "{typed}");
    }
    for typed in ["空悟", "孙空", "skw", "悟空孙", "八戒"] {
        assert!(!is_found(&doc, typed), "{typed}");
    }
}

#[test]
fn letters_with_several_readings_are_found_by_each() {
    for typed in ["cq", "zq", "chongqing", "zhongqing"] {
        assert!(is_found(&named("重庆"), typed), "{typed}");
    }
    assert!(is_found(&named("长沙银行"), "csyh") && is_found(&named("长沙银行"), "csyx"));
    assert!(is_found(&named("吕布"), "lvbu") && is_found(&named("吕布"), "lb"));
}

#[test]
fn mixed_names_and_long_names_are_found_by_sound() {
    for typed in ["abckj", "abckeji", "kj", "abc", "科技", "ABC科技"] {
        assert!(is_found(&named("ABC（科技）"), typed), "{typed}");
    }
    let long = named("中华人民共和国外交部");
    for typed in ["zhrmghgwjb", "zhonghuarenmingongheguowaijiaobu", "wjb", "人民共和国外交"] {
        assert!(is_found(&long, typed), "{typed}");
    }
}

#[test]
fn pairs_in_another_order_are_rechecked_in_the_body() {
    assert!(!is_found(&named("悟空悟净"), "空悟空"));
    assert!(is_found(&named("悟空悟净"), "空悟净"));
}

#[test]
fn words_numbers_and_addresses_are_found_by_their_beginning() {
    let doc = Doc {
        names: vec!["Ada Lovelace"],
        texts: vec!["has an iPhone15 and a1b2"],
        numbers: vec!["+86 138-0013-8000", "L-000123"],
        emails: vec!["Ada.Byron88@mail.example.com"],
    };
    for typed in [
        "ada",
        "lov",
        "LOVELACE",
        "iphone15",
        "iphone",
        "a1b2",
        "13800138000",
        "8613800138000",
        "0013",
        "138-0013-8000",
        "3800",
        "8000",
        "000123",
        "L-0001",
        "l000123",
        "0123",
        "ada.byron",
        "byron88",
        "example.com",
        "mail.example",
        "ada.byron88@mail.example.com",
        "ada love",
    ] {
        assert!(is_found(&doc, typed), "{typed}");
    }
    for typed in ["ovelace", "999", "ada smith", "bob@"] {
        assert!(!is_found(&doc, typed), "{typed}");
    }
}

#[test]
fn nothing_searchable_is_no_query() {
    for typed in ["", "  ", "\"'*()", "@", "\0"] {
        assert_eq!(Query::parse(typed), None, "{typed:?}");
    }
}

#[test]
fn expressions_are_quoted() {
    let query = Query::parse("孙悟空 \"swk\" OR 1").unwrap();
    assert_eq!(query.fts5('c'), "\"c孙悟\" AND \"c悟空\" AND \"cswk\"* AND \"cor\"* AND \"c1\"*");
    assert_eq!(query.tsquery('c'), "'c孙悟' & 'c悟空' & 'cswk':* & 'cor':* & 'c1':*");
    assert_eq!(query.needles, ["孙悟空"]);
}

#[test]
fn digits_are_words_of_four_that_follow_each_other() {
    let expressions = |typed: &str| {
        let query = Query::parse(typed).unwrap();
        (query.fts5('c'), query.tsquery('c'), query.in_a_row().count())
    };
    let all = |fts5: &str, tsquery: &str, in_a_row| (fts5.to_owned(), tsquery.to_owned(), in_a_row);
    let any_of = |quote: &str, joint: &str| {
        let longer = (0..10).map(|n| format!("c138{n}"));
        let words = std::iter::once("c138".to_owned()).chain(longer).map(|word| format!("{quote}{word}{quote}"));
        format!("({})", words.collect::<Vec<_>>().join(joint))
    };
    assert_eq!(expressions("13").0, "\"c13\"*");
    assert_eq!(expressions("138"), all(&any_of("\"", " OR "), &any_of("'", " | "), 0));
    assert_eq!(expressions("1380"), all("\"c1380\"", "'c1380'", 0));
    assert_eq!(expressions("13802"), all("\"c1380\" AND \"c3802\"", "'c1380' <1> 'c3802'", 1));
    assert_eq!(expressions("12345678").0, "\"c1234\" AND \"c5678\"");
    assert_eq!(
        expressions("123456789"),
        all("\"c1234\" AND \"c5678\" AND \"c6789\"", "'c1234' <4> 'c5678' <1> 'c6789'", 1)
    );
}

#[test]
fn a_document_has_four_digits_in_a_row_with_their_places() {
    let found = Findable::of(&Doc { numbers: vec!["2468-02", "99"], texts: vec!["ab"], ..Doc::default() });
    assert_eq!(found.tokens, ["02", "2468", "246802", "46802", "6802", "99", "ab"].map(str::to_owned));
    assert_eq!(keys(&found.tokens), ["02", "2468", "4680", "6802", "99", "ab"]);
    assert_eq!(tsvector('c', &found.tokens), "'c02' 'c99' 'cab' 'c2468':1 'c4680':2 'c6802':3 ");
    let two = ["13579", "2468", "3579"].map(str::to_owned);
    assert_eq!(tsvector('l', &two), "'l1357':1 'l3579':2 'l2468':4 ", "the second does not follow the first");
}

#[test]
fn documents_and_queries_are_bounded() {
    let text = (0..3000).map(|n| format!("{n:x} ")).collect::<String>();
    let doc = Doc { names: vec!["孙悟空"], texts: vec![&text], ..Doc::default() };
    assert_eq!(Findable::of(&doc).tokens.len(), MAX_TOKENS);
    assert!(Findable::of(&doc).body.chars().count() <= MAX_BODY);
    assert!(is_found(&doc, "swk"));
    let query = Query::parse(&"a1".repeat(300)).unwrap();
    assert!(query.terms.len() <= 12);
    assert!(Findable::of(&named(&"重".repeat(200))).tokens.len() <= MAX_TOKENS);
}

#[test]
fn what_is_said_again_and_again_takes_no_room() {
    let text = format!("{}丙丁", "甲乙，".repeat(1200));
    let doc = Doc { names: vec!["戊己"], texts: vec![&text], ..Doc::default() };
    for typed in ["戊己", "甲乙", "丙丁"] {
        assert!(is_found(&doc, typed), "{typed}");
    }
}

proptest! {
    #[test]
    fn any_part_of_a_chinese_name_is_found(
        name in "[\u{4e00}-\u{9fa5}]{2,30}", start in any::<prop::sample::Index>(), length in 2usize..30,
    ) {
        let letters: Vec<char> = name.chars().collect();
        let part: String = letters.iter().skip(start.index(letters.len() - 1)).take(length).collect();
        prop_assert!(is_found(&named(&name), &part));
    }

    #[test]
    fn any_document_is_found_by_itself(name in "\\PC{1,20}") {
        if let Some(query) = Query::parse(&name) {
            let doc = named(&name);
            prop_assert!(is_match(&doc, &query));
        }
    }

    #[test]
    fn any_four_digits_of_a_number_are_found(number in "[0-9]{4,20}", start in any::<prop::sample::Index>()) {
        let part: String = number.chars().skip(start.index(number.len() - 3)).take(4).collect();
        let found = is_found(&Doc { numbers: vec![&number], ..Doc::default() }, &part);
        prop_assert!(found);
    }

    #[test]
    fn what_is_found_has_every_word_that_the_index_is_asked_for(
        number in "[0-9 -]{1,50}", start in any::<prop::sample::Index>(), length in 1usize..20,
    ) {
        let part: String = number.chars().skip(start.index(number.len())).take(length).collect();
        let found = Findable::of(&Doc { numbers: vec![&number], ..Doc::default() });
        let query = Query::parse(&part).filter(|query| matches(&found.tokens, &found.body, query));
        let held = keys(&found.tokens);
        let is_held = |word: &str| {
            let (word, is_prefix) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
            let word = word.trim_matches(['(', ')', '"']).trim_start_matches('c');
            held.iter().any(|key| if is_prefix { key.starts_with(word) } else { *key == word })
        };
        for any in query.map(|query| query.fts5('c')).unwrap_or_default().split(" AND ").filter(|any| !any.is_empty()) {
            prop_assert!(any.split(" OR ").any(is_held), "{any}");
        }
    }

    #[test]
    fn tokens_and_terms_hold_alphanumerics_only(text in any::<String>()) {
        let doc = Doc { names: vec![&text], texts: vec![&text], numbers: vec![&text], emails: vec![&text] };
        let terms = Query::parse(&text).map(|query| query.terms).unwrap_or_default();
        for token in Findable::of(&doc).tokens.into_iter().chain(terms.into_iter().map(|term| term.token)) {
            prop_assert!(!token.is_empty() && token.chars().all(char::is_alphanumeric), "{token:?}");
        }
    }
}
