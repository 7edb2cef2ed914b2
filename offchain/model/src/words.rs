//! Messages of parsers, in words that a file's author knows.

/// Replaces the names of Rust's types in a message.
pub(crate) fn in_words(message: &str) -> String {
    let words = [
        ("expected usize", "expected a whole number of at least 0"),
        ("expected u64", "expected a whole number of at least 0"),
        ("expected u32", "expected a whole number of at least 0"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}

/// The path of a key as an author sees it; a parser's path of the whole document is `.`.
pub(crate) fn place(path: &serde_path_to_error::Path) -> String {
    match path.to_string() {
        whole if whole == "." => "top level".into(),
        key => key,
    }
}
