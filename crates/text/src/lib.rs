//! Pure text: ranges and their conversion, sentences, words, stems, language and script.
