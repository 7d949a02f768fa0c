//! The abbreviations of eight languages, lower case, without their last full stop and without spaces (`z.b`).
//!
//! Every list is sorted by bytes. Words that are also common words stand in `before_number`.

use crate::language::Language;

/// The abbreviations of one language by [`Class`](super::Class), and words that often begin its sentences.
#[derive(Debug)]
pub(super) struct List {
    pub(super) inside: &'static [&'static str],
    pub(super) before_number: &'static [&'static str],
    pub(super) either: &'static [&'static str],
    pub(super) last: &'static [&'static str],
    /// Endings of words that are abbreviated at their end: `Bahnhofstr.`
    pub(super) either_suffixes: &'static [&'static str],
    pub(super) openers: &'static [&'static str],
}

/// The list of a language; the others have only the international one.
pub(super) fn of(language: Language) -> &'static List {
    match language.code() {
        "en" => &ENGLISH,
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "it" => &ITALIAN,
        "ru" => &RUSSIAN,
        "pt" => &PORTUGUESE,
        "nl" => &DUTCH,
        _ => &INTERNATIONAL,
    }
}

#[cfg(test)]
pub(super) const ALL: [&List; 8] =
    [&ENGLISH, &GERMAN, &FRENCH, &SPANISH, &ITALIAN, &RUSSIAN, &PORTUGUESE, &DUTCH];

/// Titles, references and firms that texts of every language borrow.
#[rustfmt::skip]
pub(super) static INTERNATIONAL: List = List {
    inside: &[
        "approx", "ca", "cf", "dr", "e.g", "eg", "fig", "figs", "i.e", "ie", "messrs", "mlle", "mme", "mr",
        "mrs", "ms", "mt", "prof", "rev", "st", "viz", "vs",
    ],
    before_number: &[
        "apr", "art", "aug", "ch", "chap", "dec", "fax", "feb", "jan", "no", "nos", "nov", "nr", "oct", "op",
        "p", "pp", "sec", "sect", "sep", "sept", "tel", "vol", "vols",
    ],
    either: &[
        "a.d", "al", "ave", "b.c", "blvd", "bros", "co", "corp", "d.c", "ed", "eds", "ibid", "inc", "jr",
        "llc", "loc.cit", "ltd", "m.d", "op.cit", "ph.d", "plc", "sr", "u.k", "u.n", "u.s", "u.s.a",
    ],
    last: &[
        "a.m", "etc", "p.m", "seq",
    ],
    either_suffixes: &[],
    openers: &[],
};

#[rustfmt::skip]
static ENGLISH: List = List {
    inside: &[
        "adm", "approx", "asst", "brig", "c.f", "ca", "capt", "cf", "cmdr", "col", "comdr", "cpl", "dr",
        "e.g", "eg", "esp", "fr", "ft", "gen", "gov", "hon", "i.e", "ie", "incl", "insp", "lt", "lt.col",
        "maj", "maj.gen", "messrs", "mlle", "mme", "mr", "mrs", "ms", "msgr", "mt", "mts", "ofc", "pfc",
        "pres", "prof", "pvt", "re", "rep", "reps", "resp", "rev", "rt.hon", "sen", "sens", "sgt", "sra",
        "supt", "treas", "v.s", "vis", "viz", "vs",
    ],
    before_number: &[
        "add", "ans", "app", "apr", "apt", "arch", "art", "arts", "aug", "bk", "ch", "chap", "chaps", "chs",
        "cl", "cols", "dec", "def", "deg", "div", "eq", "eqn", "eqns", "eqs", "est", "ex", "exh", "ext",
        "fax", "feb", "fn", "fol", "hab", "item", "jan", "jul", "jun", "ll", "mar", "no", "nos", "nov", "nr",
        "oct", "op", "opp", "p", "par", "para", "paras", "pars", "pg", "pgs", "pl", "pop", "pos", "pp",
        "prop", "pt", "pts", "q", "qn", "ques", "ref", "refs", "reg", "rm", "sat", "sch", "sec", "secs",
        "sect", "sects", "sep", "sept", "ser", "sess", "sub", "sun", "tab", "tel", "temp", "tit", "var",
        "ver", "vers", "vol", "vols", "vv",
    ],
    either: &[
        "a.d", "a.k.a", "admin", "al", "anon", "assn", "assoc", "ave", "avg", "b.a", "b.c", "b.c.e", "b.s",
        "bldg", "blvd", "bros", "c.e", "cent", "cert", "co", "col.u", "comp", "conf", "cont", "corp", "ctr",
        "d.c", "d.phil", "dept", "dist", "ed", "eds", "educ", "esq", "exec", "fri", "fwd", "govt", "hosp",
        "hr", "hrs", "hwy", "ibid", "inc", "ins", "inst", "intl", "jr", "l.a", "lb", "lbs", "llc", "llp",
        "ln", "loc.cit", "ltd", "m.a", "m.d", "m.p.h", "m.sc", "max", "mfg", "mgr", "min", "misc", "mo",
        "mon", "mph", "mtg", "n.y", "nat", "natl", "op.cit", "orig", "oz", "ph.d", "pkg", "pkwy", "pl.c",
        "plc", "pref", "prev", "prob", "prod", "publ", "rd", "recd", "rpm", "rte", "s.a", "sci", "sq", "sr",
        "sta", "ste", "tbsp", "techn", "terr", "thu", "thur", "thurs", "trans", "tsp", "tue", "tues", "u.k",
        "u.n", "u.s", "u.s.a", "univ", "wed", "wk", "wks", "yd", "yds", "yr", "yrs",
    ],
    last: &[
        "a.m", "et.seq", "etc", "ff", "p.m", "seq",
    ],
    either_suffixes: &[],
    openers: &[
        "accordingly", "additionally", "afterwards", "although", "anyone", "besides", "consequently",
        "despite", "everybody", "everyone", "everything", "finally", "first", "furthermore", "hence",
        "however", "indeed", "instead", "last", "later", "many", "maybe", "meanwhile", "moreover", "most",
        "neither", "nevertheless", "next", "nobody", "none", "nothing", "once", "one", "otherwise", "our",
        "perhaps", "please", "rather", "recently", "second", "several", "similarly", "since", "somebody",
        "someone", "something", "sometimes", "soon", "still", "thereafter", "therefore", "third", "though",
        "three", "thus", "today", "together", "tomorrow", "tonight", "two", "unlike", "usually", "whatever",
        "whenever", "wherever", "yesterday", "yet",
    ],
};

#[rustfmt::skip]
static GERMAN: List = List {
    inside: &[
        "abzgl", "allg", "amtl", "ausschl", "b.a.w", "bes", "bez", "bspw", "bzgl", "bzw", "ca", "d.h",
        "desgl", "dgl", "dipl", "dipl.-inf", "dipl.-ing", "dipl.-kfm", "dr", "dr.-ing", "ehem", "eigtl",
        "einschl", "engl", "entspr", "evang", "evtl", "exkl", "fa", "franz", "frl", "geb", "gebr", "gegr",
        "gem", "gest", "ggf", "ggfs", "ggü", "griech", "hl", "hr", "hrn", "hrsg", "i.a", "i.allg", "i.b",
        "i.d.r", "i.e.s", "i.h.v", "i.s", "i.s.d", "i.v", "i.v.m", "ing", "inkl", "insb", "insbes", "ital",
        "kath", "kfm", "lat", "lfd", "lt", "m.a.w", "m.e", "m.w.n", "mod", "mtl", "nachf", "näml", "o.g",
        "p.a", "phil", "poln", "priv.-doz", "prof", "russ", "röm", "sel", "sen", "sog", "span", "spez", "st",
        "stellv", "techn", "teilw", "u.u", "urspr", "v.a", "verh", "versch", "verw", "vgl", "vorm", "wg",
        "wiss", "z", "z.b", "z.h", "z.hd", "z.t", "z.zt", "zw", "zzgl", "österr",
    ],
    before_number: &[
        "abb", "abs", "abschn", "abt", "anh", "anl", "anm", "apr", "art", "aufl", "aug", "az", "bd", "bde",
        "bl", "buchst", "dez", "di", "do", "feb", "fig", "fn", "fr", "gl", "hs", "jan", "jg", "jul", "jun",
        "kap", "lit", "max", "mi", "min", "mind", "mo", "mär", "nov", "nr", "nrn", "okt", "pkt", "pos",
        "rd.nr", "rdnr", "rn", "rz", "sa", "sep", "sept", "so", "sp", "tab", "taf", "teil", "tel", "tl",
        "vers", "vol", "z.nr", "zf", "zi", "ziff",
    ],
    either: &[
        "a.a.o", "a.d", "a.m", "a.rh", "a.s", "abg", "abk", "co", "d.j", "d.m", "d.ä", "e.v", "ebd", "etw",
        "f.d.r", "gez", "hbf", "hptm", "j.l", "jh", "jhd", "jhdt", "jr", "l.j", "m.e.z", "mio", "mrd",
        "n.chr", "n.n", "nördl", "o.j", "o.o", "o.ä", "p.s", "qm", "s.o", "s.u", "sek", "sen.r", "std", "stk",
        "str", "südl", "tsd", "tägl", "u.a", "u.a.m", "u.v.m", "u.ä", "uffz", "usf", "v.chr", "v.l.n.r",
        "v.u.z", "wöchentl", "zit", "östl",
    ],
    last: &[
        "etc", "ff", "u.dgl", "u.s.f", "u.s.w", "usw",
    ],
    either_suffixes: &[
        "str",
    ],
    openers: &[
        "allerdings", "anschließend", "außerdem", "bereits", "bitte", "daher", "danach", "darum", "dennoch",
        "deshalb", "deswegen", "ebenso", "einige", "endlich", "erst", "ferner", "früher", "gestern", "heute",
        "hierbei", "immer", "inzwischen", "jedoch", "jemand", "manchmal", "mehrere", "morgen", "nachdem",
        "niemand", "obwohl", "schließlich", "seitdem", "siehe", "später", "stattdessen", "trotzdem", "viele",
        "vielleicht", "weitere", "wenige", "zudem", "zuerst", "zuletzt", "zunächst", "zwei",
    ],
};

#[rustfmt::skip]
static FRENCH: List = List {
    inside: &[
        "adj", "adm", "anc", "apr", "apt", "av", "bd", "boul", "c.-à-d", "c.à.d", "capt", "cdt", "cf", "col",
        "coll", "conf", "cpt", "càd", "dir", "dr", "e.g", "env", "fr", "gal", "gén", "i.e", "ing", "insp",
        "intr", "lieut", "lt", "m", "me", "mgr", "mlle", "mlles", "mm", "mme", "mmes", "mr", "not", "p.-ex",
        "p.ex", "pharm", "pr", "prof", "prés", "rel", "resp", "rte", "sgt", "st", "ste", "syn", "tr", "trad",
        "vs", "égl",
    ],
    before_number: &[
        "al", "all", "ann", "annexe", "app", "art", "avr", "bât", "cah", "ch", "chap", "col.n", "déc", "esc",
        "fasc", "fax", "fig", "figs", "fol", "fév", "févr", "int", "janv", "juil", "livr", "max", "min", "n",
        "no", "nos", "nov", "num", "oct", "p", "pl", "pos", "pp", "pt", "réf", "sect", "sept", "t", "tab",
        "tél", "vol",
    ],
    either: &[
        "a.c", "adr", "apr.j.-c", "av.j.-c", "b.p", "c.q.f.d", "c.v", "cie", "ed", "etabl", "ets", "hab",
        "hébr", "i.n.s.e.e", "ibid", "id", "inc", "j.-c", "jr", "ltée", "n.b", "n.d", "n.d.l.r", "op.cit",
        "p.-s", "p.s", "r.s.v.p", "s.a", "s.a.r.l", "s.d", "s.l", "s.n.c", "soc", "sté", "th", "u.s.a", "v.o",
        "éd", "éds", "éts",
    ],
    last: &[
        "etc", "s.v.p", "sq", "sqq", "suiv", "svp",
    ],
    either_suffixes: &[],
    openers: &[
        "ainsi", "aujourd", "auparavant", "autrefois", "beaucoup", "bref", "cependant", "certains", "chacun",
        "combien", "demain", "deux", "désormais", "enfin", "ensuite", "hier", "jadis", "jamais", "lorsque",
        "maintenant", "malgré", "néanmoins", "parfois", "personne", "peut", "plusieurs", "pourtant",
        "puisque", "quelqu", "quelques", "rien", "selon", "soudain", "souvent", "surtout", "toutefois",
        "trois", "voici", "voilà",
    ],
};

#[rustfmt::skip]
static SPANISH: List = List {
    inside: &[
        "abg", "adj", "alm", "aprox", "arq", "arz", "av", "avda", "bco", "c.f", "cap", "cf", "cfr", "cnel",
        "comte", "cte", "d", "da", "dn", "doct", "dr", "dra", "dras", "dres", "dña", "ej", "excma", "excmo",
        "fr", "fund", "gob", "gral", "hna", "i.e", "ilma", "ilmo", "ing", "lcda", "lcdo", "lic", "licda",
        "licdo", "mons", "mtra", "mtro", "ntra", "ntro", "p.e", "p.ej", "pbro", "pdte", "pje", "pl", "presb",
        "prof", "profa", "prov", "pza", "rda", "rdo", "rev", "rvda", "rvdo", "s.m", "sgto", "sr", "sra",
        "sras", "sres", "srta", "srtas", "sta", "sto", "sub", "subte", "tte", "urb", "v.g", "v.gr", "vda",
        "vid",
    ],
    before_number: &[
        "abr", "ago", "ap", "apdo", "art", "arts", "caps", "cód", "dic", "doc", "ene", "esc", "ext", "fasc",
        "fax", "feb", "fig", "figs", "fol", "inc", "jul", "jun", "km", "lib", "lám", "mar", "may", "máx",
        "mín", "n", "n.º", "no", "nov", "nro", "nros", "nº", "núm", "núms", "oct", "p", "pp", "pta", "pág",
        "págs", "párr", "párrs", "ref", "sec", "sep", "sept", "set", "ss", "t", "tab", "tel", "teléf", "tfno",
        "tlf", "tít", "v", "vol", "vols",
    ],
    either: &[
        "a.c", "a.de.c", "aa.vv", "admón", "afmo", "atte", "cc.aa", "comp", "coord", "cía", "d.c", "d.de.c",
        "d.e.p", "d.f", "dcha", "depto", "dir", "dpto", "dto", "ed", "eds", "ee.uu", "esq", "etcét", "ff.aa",
        "ff.cc", "g.p", "hno", "hnos", "ibíd", "izda", "izq", "izqda", "jr", "ltda", "nac", "op.cit", "pd",
        "pról", "q.e.p.d", "r.d", "rr.hh", "s.a", "s.a.r", "s.l", "s.r.l", "trad", "ud", "uds", "univ", "vd",
        "vds", "vto", "íd",
    ],
    last: &[
        "a.m", "etc", "p.m", "sig", "sigs",
    ],
    either_suffixes: &[],
    openers: &[
        "además", "ahora", "alguien", "anoche", "anteriormente", "aparte", "ayer", "casi", "cuatro",
        "después", "dos", "enseguida", "finalmente", "hoy", "incluso", "inmediatamente", "jamás", "luego",
        "mañana", "mediante", "muchas", "nadie", "nunca", "quizá", "quizás", "según", "siempre", "solamente",
        "sólo", "tampoco", "tres", "varias", "varios",
    ],
};

#[rustfmt::skip]
static ITALIAN: List = List {
    inside: &[
        "ad.es", "amm", "arch", "avv", "b.v", "c.a", "c.d", "c.so", "ca", "cap", "card", "cav", "cd", "cfr",
        "coll", "comm", "conf", "cong", "cons", "dir", "dott", "dott.ssa", "dr", "dr.ssa", "ecc.mo", "egr",
        "es", "estr", "f.lli", "fam", "gen", "gent", "gent.ma", "gent.mo", "geom", "id", "ill", "ill.mo",
        "ing", "l.go", "lgt", "magg", "mons", "on", "on.le", "p.es", "p.le", "p.za", "p.zza", "pres", "prof",
        "prof.ssa", "proff", "rag", "rel", "rev", "rif", "s", "sen", "serg", "sig", "sig.na", "sig.ra",
        "sig.re", "sigg", "sott", "spett", "spett.le", "ss.mi", "st", "ten", "tot", "v", "v.le", "vd", "vs",
    ],
    before_number: &[
        "ag", "apr", "art", "artt", "c.c", "capp", "co", "col", "dic", "fasc", "fax", "feb", "fig", "figg",
        "fogl", "giu", "int", "lett", "lib", "lug", "mag", "mar", "max", "min", "n", "nn", "nov", "nr", "num",
        "ott", "p", "pag", "pagg", "par", "parr", "pos", "pp", "prot", "set", "sett", "sez", "tab", "tav",
        "tel", "tit", "vol", "voll",
    ],
    either: &[
        "a.c", "a.d", "a.m", "agg", "c.p", "cell", "circ", "cit", "coop", "d.c", "d.l", "ed", "edd", "f.to",
        "giorn", "ibid", "inc", "itin", "lat", "loc.cit", "ltd", "n.b", "n.d.r", "n.d.t", "op.cit", "p.i",
        "p.s", "p.v", "r.d", "s.a.s", "s.n.c", "s.p.a", "s.r.l", "soc", "ss", "trad", "u.s", "u.s.a",
    ],
    last: &[
        "ecc", "etc", "segg", "sgg",
    ],
    either_suffixes: &[],
    openers: &[
        "adesso", "alcuni", "allo", "altrimenti", "anzi", "attualmente", "certamente", "chiunque", "comunque",
        "dapprima", "domani", "due", "dunque", "eppure", "finalmente", "forse", "ieri", "improvvisamente",
        "inizialmente", "inoltre", "intanto", "invece", "mai", "malgrado", "molte", "molti", "nessuno",
        "nonostante", "nulla", "oggi", "ormai", "parecchi", "poiché", "purtroppo", "qualcuno", "quindi",
        "secondo", "siccome", "soltanto", "spesso", "successivamente", "talvolta", "tre", "tuttavia",
    ],
};

#[rustfmt::skip]
static RUSSIAN: List = List {
    inside: &[
        "авт", "акад", "англ", "араб", "архиеп", "архит", "бельг", "букв", "бул", "бульв", "вдп", "венг",
        "вкл", "внеш", "воен", "вып", "ген", "ген.-лейт", "ген.-м", "гос", "гр", "греч", "д-р", "дер", "диак",
        "доц", "евр", "ж", "изд", "инж", "исп", "ист", "итал", "канд", "кап", "кв", "кн", "корп", "лат",
        "лейт", "м.б", "митр", "наб", "наз", "напр", "нач", "нем", "ок", "ориг", "отв", "оф", "пер", "пл",
        "подп", "полк", "польск", "пос", "посл", "пред", "прибл", "прим", "прол", "просп", "прот", "проф",
        "прп", "разг", "ред", "родит", "рус", "русск", "св", "свящ", "серж", "см", "собств", "сокр", "соотв",
        "сост", "спец", "ср", "ст.-слав", "стар", "студ", "т.е", "т.к", "т.н", "т.наз", "т.о", "тж", "тов",
        "точ", "тур", "укр", "ул", "устар", "уч", "ф.-м", "фам", "физ", "фр", "франц", "хим", "цит", "чл",
        "чл.-корр", "шк", "яз", "яп",
    ],
    before_number: &[
        "абз", "авг", "апр", "буд", "вт", "гл", "дек", "илл", "июл", "июн", "кол", "ком", "лит", "макс",
        "мар", "мин", "ноя", "нояб", "окт", "п", "пн", "под", "поз", "пп", "пр.д", "прил", "пт", "разд",
        "рис", "род", "сб", "сен", "сент", "ст", "стб", "стр", "стт", "табл", "тел", "ум", "факс", "фев",
        "февр", "фиг", "ч", "черт", "янв",
    ],
    either: &[
        "б.г", "б.м", "в.д", "до.н.э", "ж.д", "и.о", "им", "кол-во", "мин.р", "мн", "ниж", "обл", "пос.ж",
        "пр", "р-н", "рт.ст", "сев", "тж.л", "урожд", "х.к", "юж",
    ],
    last: &[
        "вв", "гг", "долл", "др", "зам", "кв.м", "кг", "км", "коп", "куб.м", "л.с", "млн", "млрд", "н.э",
        "проч", "руб", "сек", "т.д", "т.п", "трлн", "тыс", "чел", "шт", "экз",
    ],
    either_suffixes: &[],
    openers: &[
        "больше", "впоследствии", "вскоре", "вчера", "далее", "дальше", "два", "двое", "завтра", "затем",
        "здесь", "именно", "иногда", "каждый", "лишь", "многие", "наконец", "например", "некоторые", "никто",
        "ничего", "обычно", "однажды", "однако", "опять", "позднее", "позже", "пока", "поначалу", "поэтому",
        "сегодня", "сначала", "снова", "также", "теперь", "тогда", "три", "трое", "утром", "через",
    ],
};

#[rustfmt::skip]
static PORTUGUESE: List = List {
    inside: &[
        "adv", "alm", "aprox", "arq", "av", "cap", "cel", "cf", "d", "dr", "dra", "dras", "drs", "eng",
        "enga", "ex", "exma", "exmo", "fr", "gen", "i.e", "ilma", "ilmo", "lic", "maj", "mons", "p.ex", "pe",
        "pr", "pres", "prof", "profa", "profs", "pç", "pça", "r", "rev", "s", "sgt", "sr", "sra", "sras",
        "srs", "srta", "sta", "sto", "ten", "trav", "v.exa", "v.g", "vs",
    ],
    before_number: &[
        "abr", "ago", "al", "art", "arts", "caps", "cód", "dez", "doc", "fasc", "fax", "fev", "fig", "figs",
        "fls", "jan", "jul", "jun", "mai", "mar", "máx", "mín", "n", "no", "nov", "nº", "núm", "out", "p",
        "par", "pp", "pág", "págs", "q", "ramal", "ref", "sec", "set", "séc", "sécs", "t", "tab", "tel", "v",
        "vol", "vols",
    ],
    either: &[
        "a.c", "adm", "apto", "assoc", "cia", "coord", "d.c", "dept", "depto", "e.u.a", "ed", "eds", "ibid",
        "inc", "jr", "ltda", "org", "p.s", "s.a", "s.l", "trad", "univ", "v.ex.a", "vda",
    ],
    last: &[
        "a.m", "etc", "p.m", "segs", "ss",
    ],
    either_suffixes: &[],
    openers: &[
        "agora", "alguém", "além", "amanhã", "antigamente", "apesar", "atualmente", "contudo", "dois", "duas",
        "enfim", "entretanto", "finalmente", "hoje", "jamais", "logo", "nada", "ninguém", "nunca", "ontem",
        "portanto", "quase", "segundo", "sempre", "somente", "todavia", "três", "várias", "vários",
    ],
};

#[rustfmt::skip]
static DUTCH: List = List {
    inside: &[
        "a.h.v", "afd", "alg", "b.v.b", "bijv", "bv", "bv.b", "ca", "cf", "d.d", "d.i", "d.m.v", "d.w.z",
        "dhr", "dr", "drs", "ds", "evt", "excl", "fa", "gebr", "gem", "h", "i.c", "i.p.v", "i.s.m", "i.t.t",
        "i.v.m", "incl", "ing", "insp", "ir", "jhr", "jkvr", "jl", "kol", "ll", "m.a.w", "m.b.t", "m.b.v",
        "m.i.v", "m.m.v", "m.n", "m.u.v", "mej", "mevr", "mgr", "mr", "mw", "n.a.v", "nl", "o.a", "o.b.v",
        "o.g.v", "o.i.v", "o.l.v", "o.v.v", "ong", "p.o", "pred", "prof", "red", "resp", "s.v.p", "st",
        "t.a.v", "t.b.v", "t.g.v", "t.h.v", "t.n.v", "t.o.v", "t.w.v", "v.d", "vd", "vgl", "vlg", "vnl",
        "volgn", "w.o", "wed", "wijl", "z.g", "zgn", "zog",
    ],
    before_number: &[
        "aant", "afb", "afl", "apr", "art", "aug", "bijl", "blz", "cap", "cat", "dec", "deel", "dl", "fax",
        "feb", "fig", "hfdst", "hfst", "hst", "jan", "jrg", "jul", "jun", "kl", "lid", "max", "min", "mrt",
        "no", "nov", "nr", "nrs", "okt", "p", "pag", "par", "pp", "punt", "r", "sep", "sept", "tab", "tel",
        "vol",
    ],
    either: &[
        "a.d", "a.s", "a.u.b", "b.v", "c.q", "e.a", "e.v", "ed", "eds", "jr", "ltd", "mld", "mln", "mrd",
        "n.chr", "n.m", "n.o.t.k", "n.v", "o.m", "p.j", "p.m", "p.p", "p.u", "r.k", "s.s", "sr", "str", "u.s",
        "v.chr", "v.o.f", "v.v", "w.v.t.t.k",
    ],
    last: &[
        "e.d", "enz", "etc", "ff",
    ],
    either_suffixes: &[
        "str",
    ],
    openers: &[
        "allereerst", "bovendien", "daarna", "desondanks", "eerst", "eindelijk", "enkele", "gisteren",
        "hierdoor", "iedereen", "intussen", "later", "mensen", "misschien", "morgen", "niemand", "ondanks",
        "ondertussen", "sommigen", "soms", "straks", "tegenwoordig", "tenslotte", "toch", "twee", "vandaag",
        "vele", "vervolgens", "volgens", "vroeger",
    ],
};
