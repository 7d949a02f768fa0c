//! The words and signs by which [`AnswerKind`](super::AnswerKind) tells questions and answers, folded.

/// Of numbers in Chinese characters, without 一, which is in many words that count nothing.
pub(super) const HAN_NUMBERS: &str = "二三四五六七八九十百千万亿零〇两兩";

#[rustfmt::skip]
pub(super) const HOW_MANY: &[&str] = &[
    "how many", "how old", "how far", "how high", "how large", "how big", "how tall",
    "how deep", "how heavy", "how often", "how frequently", "how fast", "how wide", "how late", "how early",
    "wie viele", "wie vielen", "wieviele", "wie oft", "wie alt", "wie hoch",
    "wie groß", "wie weit", "wie schwer", "wie schnell", "wie spät", "wie breit", "wie tief",
    "combien", "cuánto", "cuánta", "cuántos", "cuántas", "quanto", "quanta", "quanti", "quante", "quantos",
    "quantas", "сколько", "скольких", "hoeveel", "كم",
    "多少", "几", "幾", "多长", "多大", "多高", "多远", "多重", "多贵", "いくつ", "何人", "何個",
    "何回", "何度", "何日", "何年", "何分", "何枚", "何円", "何冊", "どのくらい", "どれくらい",
];

#[rustfmt::skip]
pub(super) const WHEN: &[&str] = &[
    "when", "wann", "quand", "cuándo", "quando", "когда", "wanneer", "متى",
    "什么时候", "什么时间", "何时", "哪年", "哪天", "哪一年", "哪一天", "いつ", "何時", "何曜日", "何月",
];

#[rustfmt::skip]
pub(super) const WHO: &[&str] = &[
    "who", "whom", "whose", "where", "wer", "wem", "wen", "wessen", "wo", "woher", "wohin", "qui", "où", "quién",
    "quiénes", "dónde", "chi", "dove", "quem", "onde", "кто", "кого", "кому", "где", "куда", "waar",
];

#[rustfmt::skip]
pub(super) const WHICH: &[&str] = &[
    "what", "which", "was", "welche", "welchem", "welchen", "welcher", "welches", "quel", "quelle", "quels", "quelles",
    "qué", "cuál", "wie hoch", "how high", "how large", "che", "qual", "quale", "какой", "какая", "каком", "какого", "welk", "哪", "什么", "どの", "何",
];

#[rustfmt::skip]
pub(super) const QUANTITIES: &[&str] = &[
    "percentage", "percent", "number", "temperature", "age", "size", "weight",
    "height", "length", "speed", "distance", "population", "rate",
    "anzahl", "zahl", "temperatur", "alter", "höhe", "länge", "gewicht", "frist",
    "menge", "nombre", "âge", "número", "edad", "numero",
    "età", "число", "возраст",
];

#[rustfmt::skip]
pub(super) const TIMES: &[&str] = &[
    "year", "day", "date", "month", "time", "century", "weekday", "weekdays", "days", "decade", "season",
    "tag", "tage", "tagen", "jahr", "monat", "datum", "wochentag", "wochentagen", "uhrzeit", "jahrhundert",
    "année", "jour", "mois", "heure", "año", "día", "mes", "hora", "anno", "giorno", "mese", "ora", "год", "году",
    "день", "месяц",
];

#[rustfmt::skip]
pub(super) const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty", "thirty",
    "forty", "fifty", "sixty", "hundred", "thousand", "million", "billion", "dozen", "half", "once", "twice",
    "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "zwanzig", "dreißig",
    "vierzig", "fünfzig", "hundert", "tausend", "einmal", "zweimal", "dreimal",
    "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "dix", "vingt", "cent", "mille",
    "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "veinte", "cien", "mil",
    "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "venti", "cento",
    "два", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "сто", "тысяч",
];

#[rustfmt::skip]
pub(super) const CALENDAR: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow",
    "yesterday", "tonight", "morning", "evening", "noon", "midnight", "spring", "summer", "autumn", "winter",
    "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonnabend", "sonntag", "heute", "morgen", "gestern", "mittag",
    "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre", "dicembre", "lunedì",
    "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря", "понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье",
];

#[rustfmt::skip]
pub(super) const HOW_MUCH: &[&str] = &[
    "how much", "wie viel", "wieviel", "wie teuer", "was kostet", "was kosten", "combien coûte", "combien coûtent",
    "cuánto cuesta", "cuánto cuestan", "cuánto vale", "quanto costa", "quanto costano", "quanto custa", "сколько стоит",
    "сколько стоят", "多少钱", "多贵", "价格", "费用", "いくら", "料金", "何円", "بكم",
];

/// Prices, after "which" or "how high".
#[rustfmt::skip]
pub(super) const PRICES: &[&str] = &[
    "amount", "price", "cost", "costs", "fee", "rent", "deposit", "fine", "salary", "sum", "betrag", "preis", "kosten",
    "gebühr", "miete", "kaution", "summe", "prix", "montant", "tarif", "precio", "importe", "prezzo", "importo", "preço",
    "цена", "стоимость",
];

#[rustfmt::skip]
pub(super) const CURRENCIES: &[&str] = &[
    "€", "$", "£", "¥", "₽", "₹", "元", "円", "块钱", "euro", "euros", "eur", "cent", "cents", "dollar", "dollars", "usd",
    "pound", "pounds", "gbp", "pence", "franken", "franc", "francs", "chf", "rubel", "рублей", "рубля", "руб", "yen", "yuan",
    "درهم", "دينار", "ريال", "جنيه", "جنيها",
];

#[rustfmt::skip]
pub(super) const HOW_LONG: &[&str] = &[
    "how long", "wie lange", "combien de temps", "cuánto tiempo", "quanto tempo", "как долго", "сколько времени",
    "hoelang", "hoe lang", "多久", "多长时间", "何時間", "何分", "何日間",
];

#[rustfmt::skip]
pub(super) const UNITS_OF_TIME: &[&str] = &[
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year",
    "years", "sekunden", "minuten", "stunde", "stunden", "tag", "tage", "tagen", "woche", "wochen", "monat", "monate",
    "monaten", "jahr", "jahre", "jahren", "heure", "heures", "jour", "jours", "semaine", "semaines", "mois", "an", "ans",
    "minutos", "hora", "horas", "día", "días", "semana", "semanas", "mes", "meses", "año", "años", "minuti", "ora", "ore",
    "giorno", "giorni", "settimana", "settimane", "mese", "mesi", "anno", "anni", "минут", "минуты", "час", "часа",
    "часов", "день", "дня", "дней", "недели", "недель", "месяца", "месяцев", "года", "лет",
    "分", "小时", "時間", "天", "日", "周", "週", "月", "年", "دقيقة", "دقائق", "ساعة", "ساعات", "يوم", "أيام", "أسبوع",
    "أسابيع", "شهر", "أشهر", "سنة", "سنوات",
];
