//! Which words only tie others together, in eight languages: they say nothing of what a question is about.
//!
//! The lists are sorted, in lower case, and without accents, since many people leave those out when they ask.

use std::borrow::Cow;

use crate::language::Language;
use crate::words::without_accents;

/// Whether `word`, as [`fold`](crate::fold) gives it, is a function word of `language`; no word is in a language
/// that has no list here.
#[must_use]
pub fn is_function_word(word: &str, language: Language) -> bool {
    let plain: Cow<'_, str> = without_accents(word);
    list(language).binary_search(&plain.as_ref()).is_ok()
}

fn list(language: Language) -> &'static [&'static str] {
    match language.code() {
        "en" => ENGLISH,
        "de" => GERMAN,
        "fr" => FRENCH,
        "es" => SPANISH,
        "it" => ITALIAN,
        "ru" => RUSSIAN,
        "pt" => PORTUGUESE,
        "nl" => DUTCH,
        _ => &[],
    }
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't",
    "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by",
    "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do", "does", "doesn't", "doing",
    "don't", "down", "during", "each", "either", "else", "ever", "few", "for", "from", "further", "had",
    "hadn't", "has", "hasn't", "have", "haven't", "having", "he", "her", "here", "hers", "herself", "him",
    "himself", "his", "how", "i", "if", "in", "into", "is", "isn't", "it", "its", "itself", "just",
    "many", "may", "me", "might", "more", "most", "much", "must", "my", "myself", "no", "nor", "not",
    "now", "of", "off", "often", "on", "once", "only", "or", "other", "our", "ours", "ourselves", "out",
    "over", "own", "s", "same", "shall", "she", "should", "shouldn't", "so", "some", "such", "than",
    "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "this",
    "those", "through", "to", "too", "under", "until", "up", "upon", "us", "very", "was", "wasn't", "we",
    "were", "weren't", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose",
    "why", "will", "with", "within", "without", "won't", "would", "wouldn't", "yes", "you", "your",
    "yours", "yourself",
];

#[rustfmt::skip]
const GERMAN: &[&str] = &[
    "ab", "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an", "ander", "andere",
    "anderem", "anderen", "anderer", "anderes", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bist",
    "da", "dabei", "dadurch", "dafur", "damit", "dann", "daran", "darauf", "daraus", "darin", "das",
    "dass", "dasselbe", "davon", "dazu", "dein", "deine", "deinem", "deinen", "deiner", "dem", "den",
    "denen", "denn", "der", "deren", "des", "dessen", "dich", "die", "dies", "diese", "dieselbe",
    "diesem", "diesen", "dieser", "dieses", "dir", "doch", "dort", "du", "durch", "ein", "eine", "einem",
    "einen", "einer", "eines", "er", "es", "etwas", "euch", "euer", "eure", "fur", "gegen", "gibt", "hab",
    "habe", "haben", "hat", "hatte", "hatten", "hier", "hin", "hinter", "ich", "ihm", "ihn", "ihnen",
    "ihr", "ihre", "ihrem", "ihren", "ihrer", "ihres", "im", "in", "indem", "ins", "ist", "ja", "jede",
    "jedem", "jeden", "jeder", "jedes", "jene", "jenem", "jenen", "jener", "jenes", "kann", "kein",
    "keine", "keinem", "keinen", "keiner", "keines", "konnen", "konnte", "konnten", "man", "manche",
    "mein", "meine", "meinem", "meinen", "meiner", "meines", "mich", "mir", "mit", "muss", "mussen",
    "musste", "nach", "nicht", "nichts", "noch", "nun", "nur", "ob", "oder", "ohne", "sehr", "sein",
    "seine", "seinem", "seinen", "seiner", "seines", "seit", "selbst", "sich", "sie", "sind", "so",
    "solche", "solchem", "solchen", "solcher", "soll", "sollen", "sollte", "sondern", "sonst", "uber",
    "um", "und", "uns", "unser", "unsere", "unserem", "unseren", "unserer", "unter", "vom", "von", "vor",
    "wann", "war", "waren", "warum", "was", "weil", "welche", "welchem", "welchen", "welcher", "welches",
    "wem", "wen", "wenn", "wer", "werde", "werden", "wessen", "wie", "wieder", "wieviel", "wird", "wo",
    "wobei", "wodurch", "wofur", "woher", "wohin", "wollen", "worden", "wurde", "wurden", "zu", "zum",
    "zur", "zwar", "zwischen",
];

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "a", "afin", "ai", "aie", "ainsi", "alors", "apres", "as", "au", "aucun", "aucune", "aussi", "autre",
    "autres", "aux", "avaient", "avait", "avant", "avec", "avez", "avoir", "avons", "c", "ca", "car",
    "ce", "ceci", "cela", "celle", "celles", "celui", "ces", "cet", "cette", "ceux", "chaque", "chez",
    "ci", "comme", "comment", "d", "dans", "de", "depuis", "des", "donc", "dont", "du", "elle", "elles",
    "en", "encore", "entre", "es", "est", "et", "etaient", "etait", "etant", "ete", "etre", "eu", "eux",
    "fait", "faut", "font", "furent", "fut", "hors", "il", "ils", "j", "je", "jusque", "l", "la",
    "laquelle", "le", "lequel", "les", "lesquels", "leur", "leurs", "lors", "lorsque", "lui", "m", "ma",
    "mais", "me", "meme", "memes", "mes", "moi", "moins", "mon", "n", "ne", "ni", "nos", "notre", "nous",
    "on", "ont", "ou", "par", "parce", "pas", "pendant", "peu", "peut", "peuvent", "plus", "pour",
    "pourquoi", "puis", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "s",
    "sa", "sans", "se", "sera", "seront", "ses", "si", "soi", "soit", "son", "sont", "sous", "sur", "t",
    "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres", "tu", "un", "une", "vers",
    "vos", "votre", "vous", "y",
];

#[rustfmt::skip]
const SPANISH: &[&str] = &[
    "a", "al", "algo", "algun", "alguna", "algunas", "alguno", "algunos", "ante", "antes", "aquel",
    "aquella", "aquellas", "aquello", "aquellos", "aqui", "asi", "aun", "aunque", "cada", "como", "con",
    "contra", "cual", "cuales", "cualquier", "cuando", "cuanta", "cuantas", "cuanto", "cuantos", "cuya",
    "cuyas", "cuyo", "cuyos", "de", "del", "desde", "donde", "dos", "durante", "e", "el", "ella", "ellas",
    "ello", "ellos", "en", "entonces", "entre", "era", "eran", "eres", "es", "esa", "esas", "ese", "eso",
    "esos", "esta", "estaba", "estaban", "estado", "estan", "estar", "estas", "este", "esto", "estos",
    "estoy", "fue", "fueron", "ha", "haber", "habia", "habian", "han", "hasta", "hay", "he", "la", "las",
    "le", "les", "lo", "los", "mas", "me", "mediante", "mi", "mia", "mientras", "mio", "mis", "mismo",
    "mucho", "muchos", "muy", "nada", "ni", "no", "nos", "nosotros", "nuestra", "nuestras", "nuestro",
    "nuestros", "o", "os", "otra", "otras", "otro", "otros", "para", "pero", "poco", "por", "porque",
    "pues", "que", "quien", "quienes", "se", "sea", "sean", "segun", "ser", "si", "sido", "siendo", "sin",
    "sino", "sobre", "solo", "son", "soy", "su", "sus", "suya", "suyo", "tal", "tambien", "tampoco",
    "tan", "tanto", "te", "tenia", "tiene", "tienen", "toda", "todas", "todo", "todos", "tras", "tu",
    "tus", "u", "un", "una", "unas", "uno", "unos", "usted", "ustedes", "vosotros", "y", "ya", "yo",
];

#[rustfmt::skip]
const ITALIAN: &[&str] = &[
    "a", "abbia", "abbiamo", "ad", "agli", "ai", "al", "alla", "alle", "allo", "allora", "altra", "altre",
    "altri", "altro", "anche", "ancora", "aveva", "avevano", "c", "che", "chi", "ci", "cio", "cioe",
    "circa", "col", "come", "con", "contro", "cosa", "cosi", "cui", "d", "da", "dagli", "dai", "dal",
    "dalla", "dalle", "dallo", "degli", "dei", "del", "dell", "della", "delle", "dello", "dentro", "di",
    "dopo", "dove", "due", "dunque", "durante", "e", "ed", "egli", "era", "erano", "essa", "esse",
    "essere", "essi", "fa", "fino", "fra", "fu", "furono", "gia", "gli", "ha", "hai", "hanno", "ho", "i",
    "il", "in", "infatti", "invece", "io", "l", "la", "le", "lei", "li", "lo", "loro", "lui", "ma", "me",
    "mentre", "mi", "mia", "mie", "miei", "mio", "molto", "ne", "negli", "nei", "nel", "nell", "nella",
    "nelle", "nello", "no", "noi", "non", "nostra", "nostre", "nostri", "nostro", "nulla", "o", "od",
    "ogni", "oltre", "oppure", "per", "perche", "pero", "piu", "poco", "poi", "possono", "prima",
    "proprio", "pu", "puo", "quale", "quali", "quando", "quanta", "quante", "quanti", "quanto", "quasi",
    "quel", "quella", "quelle", "quelli", "quello", "questa", "queste", "questi", "questo", "qui",
    "quindi", "sara", "se", "sei", "sempre", "senza", "si", "sia", "siamo", "siano", "sono", "sopra",
    "sotto", "stata", "state", "stati", "stato", "su", "sua", "sue", "sugli", "sui", "sul", "sull",
    "sulla", "sulle", "sullo", "suo", "suoi", "tra", "tranne", "tu", "tua", "tue", "tuo", "tuoi", "tutta",
    "tutte", "tutti", "tutto", "un", "una", "uno", "v", "verso", "vi", "voi", "vostra", "vostre",
    "vostri", "vostro",
];

#[rustfmt::skip]
const RUSSIAN: &[&str] = &[
    "а", "без", "более", "больше", "будет", "будто", "будут", "бы", "был", "была", "были", "было", "быть",
    "в", "вам", "вас", "ведь", "весь", "во", "вот", "все", "всего", "всех", "всю", "вы", "где", "да",
    "даже", "для", "до", "его", "ее", "ей", "если", "есть", "еще", "ж", "же", "за", "здесь", "и", "из",
    "или", "им", "их", "к", "как", "какая", "какие", "каким", "какими", "каких", "какого", "какое",
    "какой", "какую", "ко", "когда", "кого", "кому", "которая", "которого", "которое", "которой",
    "которую", "которые", "который", "которых", "кто", "куда", "ли", "либо", "лишь", "между", "меня",
    "мне", "много", "может", "можно", "мой", "моя", "мы", "на", "над", "надо", "нам", "нас", "не", "него",
    "нее", "ней", "нет", "ни", "ним", "них", "но", "ну", "о", "об", "однако", "он", "она", "они", "оно",
    "от", "откуда", "отчего", "очень", "перед", "по", "под", "после", "потому", "почему", "почти", "при",
    "про", "раз", "с", "сам", "свое", "своего", "своей", "свои", "своих", "свой", "себе", "себя",
    "сейчас", "скольких", "сколько", "со", "так", "такая", "также", "такие", "такого", "такой", "там",
    "те", "тебя", "тем", "теперь", "то", "тогда", "того", "тоже", "той", "только", "том", "тот", "ту",
    "тут", "ты", "у", "уже", "хотя", "чего", "чей", "чем", "через", "что", "чтобы", "чуть", "чье", "чья",
    "эта", "эти", "этих", "это", "этого", "этой", "этом", "этот", "эту", "я",
];

#[rustfmt::skip]
const PORTUGUESE: &[&str] = &[
    "a", "afinal", "agora", "ainda", "algo", "algum", "alguma", "algumas", "alguns", "ambos", "ao", "aos",
    "apenas", "apos", "aquela", "aquelas", "aquele", "aqueles", "aquilo", "as", "assim", "ate", "cada",
    "com", "como", "contra", "cuja", "cujas", "cujo", "cujos", "da", "das", "de", "dela", "delas", "dele",
    "deles", "depois", "desde", "dessa", "desse", "desta", "deste", "do", "dos", "durante", "e", "ela",
    "elas", "ele", "eles", "em", "enquanto", "entao", "entre", "era", "eram", "essa", "essas", "esse",
    "esses", "esta", "estao", "estar", "estas", "estava", "este", "estes", "estou", "eu", "foi", "foram",
    "ha", "havia", "isso", "isto", "ja", "la", "lhe", "lhes", "lo", "mais", "mas", "me", "mediante",
    "mesmo", "meu", "meus", "minha", "minhas", "muito", "muitos", "na", "nada", "nao", "nas", "nem",
    "nenhum", "nenhuma", "nessa", "nesse", "nesta", "neste", "no", "nos", "nossa", "nossas", "nosso",
    "nossos", "num", "numa", "o", "onde", "os", "ou", "outra", "outras", "outro", "outros", "para",
    "pela", "pelas", "pelo", "pelos", "perante", "pode", "podem", "pois", "por", "porem", "porque",
    "pouco", "quais", "qual", "qualquer", "quando", "quanta", "quantas", "quanto", "quantos", "que",
    "quem", "se", "sem", "sendo", "ser", "sera", "seu", "seus", "si", "sido", "sob", "sobre", "sua",
    "suas", "tal", "tambem", "tao", "te", "tem", "tendo", "ter", "teu", "teus", "tinha", "toda", "todas",
    "todo", "todos", "tu", "tua", "tudo", "um", "uma", "umas", "uns", "voce", "voces",
];

#[rustfmt::skip]
const DUTCH: &[&str] = &[
    "aan", "aangezien", "al", "alle", "alleen", "allen", "alles", "als", "altijd", "ander", "andere",
    "anders", "ben", "bij", "binnen", "daar", "daarom", "dan", "dat", "de", "degene", "deze", "die",
    "dit", "doch", "doen", "door", "dus", "echter", "een", "elk", "elke", "en", "er", "ergens", "etc",
    "ge", "geen", "geweest", "had", "hadden", "heb", "hebben", "heeft", "heel", "hem", "hen", "het",
    "hier", "hij", "hoe", "hoeveel", "hun", "iemand", "iets", "ik", "in", "indien", "is", "ja", "je",
    "jij", "jou", "jouw", "jullie", "kan", "kon", "konden", "kunnen", "maar", "me", "mede", "meer", "men",
    "met", "mij", "mijn", "moet", "moeten", "na", "naar", "nadat", "niet", "niets", "nog", "nu", "of",
    "om", "omdat", "ons", "onze", "ook", "op", "over", "reeds", "sinds", "slechts", "sommige", "te",
    "tegen", "ten", "ter", "terwijl", "toch", "toen", "tot", "tussen", "u", "uit", "uw", "van", "vanuit",
    "vanwege", "veel", "voor", "voordat", "waar", "waarin", "waarom", "waarop", "waarvan", "wanneer",
    "want", "waren", "was", "wat", "we", "weer", "wel", "welk", "welke", "werd", "werden", "wie", "wiens",
    "wij", "wil", "word", "worden", "wordt", "zal", "ze", "zelf", "zich", "zij", "zijn", "zo", "zoals",
    "zonder", "zou", "zouden", "zulke",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_without_accents() {
        for words in [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, RUSSIAN, PORTUGUESE, DUTCH] {
            assert!(words.is_sorted_by(|a, b| a < b));
            assert!(words.iter().all(|word| without_accents(word) == *word && word.to_lowercase() == *word));
        }
    }

    #[test]
    fn function_words_are_known_with_and_without_accents() {
        let check = |word: &str, code: &str, expected: bool| {
            let language = Language::parse(code).expect("a code");
            assert_eq!(is_function_word(word, language), expected, "{word} in {code}");
        };
        check("the", "en", true);
        check("don't", "en", true);
        check("engine", "en", false);
        check("für", "de", true);
        check("fur", "de", true);
        check("ещё", "ru", true);
        check("où", "fr", true);
        check("the", "de", false);
        check("the", "xx", false);
    }
}
