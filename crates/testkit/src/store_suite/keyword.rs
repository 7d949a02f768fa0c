//! Search by words: what is found, in which order, in which languages.

use super::case::{Case, Entry, Outcome, cases, check_ranking, found, ids, keyword, write};
use super::sample::{document, documents, in_language, with_meta};
use crate::random::Random;
use pllm_core::{Document, Filter, Result};
use serde_json::json;

pub(super) const CASES: &[Entry] = cases![
    Keyword: only_documents_with_a_word_of_the_query_are_found,
    Keyword: queries_without_words_find_nothing,
    Keyword: scores_descend_and_ties_go_by_id,
    Keyword: rare_words_frequent_words_and_short_texts_count_more,
    Keyword: top_k_is_kept,
    Keyword: the_filter_is_inside_the_search,
    Keyword: words_match_by_the_stems_of_every_language,
    Keyword: chinese_is_found_by_its_characters,
    Keyword: title_and_headings_are_searched_but_not_part_of_the_content,
    Keyword: case_and_accents_do_not_matter,
    Keyword: long_queries_are_answered,
];

async fn only_documents_with_a_word_of_the_query_are_found(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let rows = [("a", "the walrus sleeps"), ("b", "a heron fishes"), ("c", "walrus and heron"), ("d", "")];
    write(&store, documents(&rows)?).await?;
    for (query, expected) in [
        ("walrus", "a c"),
        ("heron", "b c"),
        ("walrus heron", "a b c"),
        ("walrus unheard", "a c"),
        ("unheard", ""),
        ("wal", ""),
        ("walruses", "a c"),
    ] {
        let mut there = found(&store, query).await?;
        there.sort();
        assert_eq!(there.join(" "), expected, "{query}");
    }
    assert_eq!(found(&store, "walrus heron").await?[0], "c", "both words stand before one");
    let first = &store.search(&keyword("sleeps", 1, None)).await?[0];
    assert_eq!((first.content.as_str(), first.embedding.as_ref()), ("the walrus sleeps", None));
    Ok(())
}

async fn queries_without_words_find_nothing(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    assert_eq!(found(&store, "anything").await?, [""; 0], "in an empty store");
    write(&store, documents(&[("a", "walrus"), ("b", "?!"), ("c", "")])?).await?;
    for query in ["", " ", "?!", "\n\t", "…", "\u{0}"] {
        assert_eq!(found(&store, query).await?, [""; 0], "{query:?}");
    }
    Ok(())
}

async fn scores_descend_and_ties_go_by_id(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let mut random = Random::new(5);
    let words = ["walrus", "heron", "pelican", "otter", "badger"];
    let mut batch = Vec::new();
    for n in 0..200 {
        // Ids in another order than that of writing; one text in two others, so that there are ties.
        let text: Vec<&str> = (0..1 + random.below(4)).map(|_| *random.pick(&words)).collect();
        batch.push(document(&format!("{:03}", (n * 77) % 200), &text.join(" "))?);
    }
    write(&store, batch).await?;
    for query in ["walrus", "heron otter", "walrus heron pelican otter badger"] {
        let ranked = store.search(&keyword(query, 200, None)).await?;
        check_ranking(&ranked)?;
        assert!(
            ranked.iter().all(|document| document.score > Some(0.0)),
            "{query}: what has a word scores above 0"
        );
        assert!(ranked.len() > 50, "{query}: {}", ranked.len());
        for top_k in [1, 10, 50] {
            let fewer = store.search(&keyword(query, top_k, None)).await?;
            assert_eq!(fewer, ranked[..top_k], "{query}: the best {top_k}");
        }
    }
    Ok(())
}

async fn rare_words_frequent_words_and_short_texts_count_more(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let mut batch = documents(&[
        ("rare", "walrus filler filler filler"),
        ("often", "heron heron heron filler"),
        ("once", "heron filler filler filler"),
        ("short", "otter"),
        ("long", "otter filler filler filler filler filler filler filler filler"),
    ])?;
    for n in 0..20 {
        batch.push(document(&format!("x{n:02}"), "heron filler filler filler filler")?);
    }
    write(&store, batch).await?;
    assert_eq!(found(&store, "walrus heron").await?[0], "rare");
    assert_eq!(found(&store, "heron").await?[..2], ["often", "once"]);
    assert_eq!(found(&store, "otter").await?, ["short", "long"]);
    Ok(())
}

async fn top_k_is_kept(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch: Vec<Document> =
        (0..30).map(|n| document(&format!("d{n:02}"), "walrus")).collect::<Result<_>>()?;
    write(&store, batch).await?;
    for (top_k, expected) in [(0, 0), (1, 1), (29, 29), (30, 30), (31, 30), (1_000_000, 30)] {
        assert_eq!(store.search(&keyword("walrus", top_k, None)).await?.len(), expected, "top {top_k}");
    }
    Ok(())
}

async fn the_filter_is_inside_the_search(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let mut batch = Vec::new();
    for n in 0..300 {
        // Those that match the filter are the worst by far.
        let chosen = n % 60 == 59;
        let content =
            if chosen { format!("walrus {}", "filler ".repeat(50)) } else { "walrus walrus".to_owned() };
        batch.push(with_meta(document(&format!("d{n:03}"), &content)?, json!({"chosen": chosen}))?);
    }
    write(&store, batch).await?;
    let filter = Filter::parse("chosen = true")?;
    for (top_k, expected) in [(5, 5), (3, 3), (10, 5)] {
        let found = store.search(&keyword("walrus", top_k, Some(&filter))).await?;
        assert_eq!(found.len(), expected, "top {top_k}");
        assert!(found.iter().all(|document| filter.matches(document)), "{:?}", ids(&found));
        check_ranking(&found)?;
    }
    Ok(())
}

async fn words_match_by_the_stems_of_every_language(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(
        &store,
        vec![
            in_language(document("en", "The engines were running all night")?, "en"),
            in_language(document("de", "Die Häuser der Stadt wurden verkauft")?, "de"),
            in_language(document("unknown", "Several bicycles")?, "none"),
        ],
    )
    .await?;
    for (query, expected) in [
        ("engine", "en"),
        ("What runs the engine?", "en"),
        ("Haus", "de"),
        ("Welches Haus?", "de"),
        ("bicycle", "unknown"),
    ] {
        assert_eq!(found(&store, query).await?, [expected], "{query}");
    }
    Ok(())
}

async fn chinese_is_found_by_its_characters(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let batch: Vec<Document> =
        documents(&[("a", "社区图书馆每周一闭馆。"), ("b", "游泳池的开放时间"), ("c", "图书由读者捐赠")])?
            .into_iter()
            .map(|document| in_language(document, "zh"))
            .collect();
    write(&store, batch).await?;
    for (query, expected) in [("图书馆", "a"), ("游泳池", "b"), ("读者", "c"), ("图书馆什么时候闭馆？", "a")]
    {
        assert_eq!(found(&store, query).await?.first().map(String::as_str), Some(expected), "{query}");
    }
    assert_eq!(found(&store, "银行").await?, [""; 0]);
    Ok(())
}

async fn title_and_headings_are_searched_but_not_part_of_the_content(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    let meta =
        json!({"title": "Walrus handbook", "headings": ["Feeding", "Clams at dusk"], "author": "Heron"});
    write(&store, vec![with_meta(document("a", "They eat a lot.")?, meta)?, document("b", "walrus")?])
        .await?;
    for (query, expected) in [("handbook", "a"), ("feeding", "a"), ("clams", "a"), ("eat", "a")] {
        let there = store.search(&keyword(query, 10, None)).await?;
        assert_eq!(ids(&there), [expected], "{query}");
        assert_eq!(there[0].content, "They eat a lot.", "{query}");
    }
    assert_eq!(found(&store, "walrus").await?.len(), 2);
    assert_eq!(found(&store, "heron author").await?, [""; 0], "other metadata is not searched");
    Ok(())
}

async fn case_and_accents_do_not_matter(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    // The second writes its accent as a character of its own.
    write(&store, documents(&[("a", "CAFÉ Olé"), ("b", "cafe\u{301} bar"), ("c", "tea")])?).await?;
    for query in ["café", "Cafe", "CAFE\u{301}", "ｃａｆé"] {
        let mut there = found(&store, query).await?;
        there.sort();
        assert_eq!(there, ["a", "b"], "{query}");
    }
    Ok(())
}

async fn long_queries_are_answered(case: &mut Case) -> Outcome {
    let store = case.open().await?;
    write(&store, documents(&[("a", "walrus"), ("b", "heron")])?).await?;
    let noise: Vec<String> = (0..5_000).map(|n| format!("noise{n}")).collect();
    assert_eq!(found(&store, &format!("{} walrus", noise.join(" "))).await?, ["a"]);
    assert_eq!(found(&store, &"walrus ".repeat(5_000)).await?, ["a"]);
    Ok(())
}
