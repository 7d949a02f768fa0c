//! The words by which [`addresses_a_model`](super::addresses_a_model) knows an order, folded, parted by blanks.

/// Marks of chat templates, in lower case.
pub(super) const MARKS: &[&str] = &[
    "<|im_start|>",
    "<|im_end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "<start_of_turn>",
    "<system>",
    "</system>",
    "<instructions>",
    "</instructions>",
    "</context>",
    "</documents>",
    "</sources>",
    "### instruction",
    "### system",
    "###instruction",
    "<assistant>",
    "begin system prompt",
    "[system]",
    "{{system",
];

/// Two parts that stand together only in an order.
pub(super) const UNSPACED: &[(&str, &str)] = &[
    ("忽略", "指令"),
    ("忽略", "指示"),
    ("忽略", "提示"),
    ("无视", "指令"),
    ("無視", "指示"),
    ("無視", "命令"),
    ("忘记", "指令"),
    ("只回答", ""),
    ("只回复", ""),
    ("仅回答", ""),
    ("仅回复", ""),
    ("助手", "请"),
    ("你的回答", "加"),
    ("你的回复", "加"),
    ("システムプロンプト", ""),
    ("系统提示", ""),
    ("игнорир", "инструкц"),
    ("забудь", "инструкц"),
    ("отвечай только", ""),
];

pub(super) const BEFORE_AN_ORDER: &str = "please and then also kindly instead must should just now bitte und dann auch nur muss \
    sollst sollen veuillez et puis doit por favor y debe luego per favore e deve to you always simply";

pub(super) const FORGET: &str = "ignore ignoring disregard forget override bypass overrule ignoriere ignorieren vergiss vergesst \
    missachte ignorez oublie oubliez ignora ignoren olvida olvide olviden ignorare dimentica esqueça ignorem";
pub(super) const EARLIER: &str = "previous prior above earlier preceding all any other your these foregoing existing everything \
    vorherigen vorigen bisherigen alle allen deine früheren obigen précédentes précédents toutes tous antérieures tes vos \
    anteriores todas previas tus sus precedenti tutte tue le las les system";
pub(super) const INSTRUCTIONS: &str = "instruction instructions prompt prompts rules guidelines directions directives commands \
    anweisung anweisungen instruktionen vorgaben befehle regeln consignes directives règles instrucciones indicaciones órdenes \
    reglas istruzioni indicazioni regole instruções";

pub(super) const ANSWER: &str = "answer reply respond say write output print return antworte antworten antwortet schreibe schreib \
    sage sag gib réponds répondez répondre écris écrivez dis responde responda responder escribe escriba di rispondi rispondete \
    scrivi rispondere responder escreva";
pub(super) const ONLY: &str = "only exclusively solely just ausschließlich nur lediglich uniquement seulement solo únicamente \
    solamente soltanto unicamente somente apenas";
pub(super) const WITH: &str = "with by mit par avec con com the das le la el il";
/// Of [`WITH`] what follows `just`, which is said to people too.
pub(super) const BY: &str = "with by mit par avec con com";
pub(super) const EXACTLY: &str = "exactly only just nothing genau nur exactement exactamente esattamente";

pub(super) const SUMMARISE: &str = "summarise summarize paraphrase process index translate zusammenfasst verarbeitest résumes \
    résumez resumes resuma resumir riassumi";
pub(super) const SUMMARISING: &str =
    "summarising summarizing paraphrasing processing zusammenfassen résumant resumir riassumere";

pub(super) const YOUR: &str = "your deine deiner deinen deinem ta votre tes tu su tua sua";
pub(super) const AN_ANSWER: &str = "answer answers response responses reply replies output outputs summary antwort antworten \
    zusammenfassung réponse réponses résumé respuesta respuestas resumen risposta risposte riassunto resposta";
pub(super) const CHANGE: &str = "integrate modify augment enhance append misspell scramble jumble anagram render rearrange replace \
    substitute introduce insert tease incorporate weave embed convert randomize randomise encode prefix sprinkle ergänze \
    erweitere ersetze integriere intègre ajoute remplace integra añade reemplaza sustituye aggiungi sostituisci";
pub(super) const ADD: &str = "add include use provide mention suggest start begin end write put group remove combine finish close \
    translate give format in füge beginne beende schreibe verwende termine commence inclus incluye empieza usa includi";
pub(super) const OF_TEXT: &str = "sentence sentences statement reminder headline link phrase recommendation reason tip word words \
    emoji vowel vowels letter letters symbols rhyme json language poem users readers spaces substitution anagrams anagrammed \
    typos misspellings satz wort wörter phrase mot mots lien enlace frase palabra palabras parola parole community opinions \
    urgency announcement scandal benefits gratitude";
pub(super) const PERSONAL: &str = "name address phone telephone copy reference order invoice cv résumé photo signature birth \
    customer account policy passport applicant attachment form name anschrift telefonnummer kundennummer nom numéro nombre";

pub(super) const MODELS: &str = "ai assistant chatbot bot llm gpt chatgpt dan model persona unrestricted jailbroken uncensored ki \
    assistent modell ia asistente modelo assistente modello assistant";
pub(super) const AI: &str =
    "ai ais llm llms chatbot chatbots chatgpt gpt claude gemini copilot ki kis ia ias assistant bot";
pub(super) const AI_PAIRS: &[&str] =
    &["language model", "language models", "large language", "modèle de", "ai model"];
pub(super) const MUST: &str = "must should shall have has need needs required instructed please will can müssen muss sollen soll \
    sollten doit doivent debe deben deve devono";
pub(super) const DO: &str = "say answer reply respond recommend include mention output write tell state append add ignore summarise \
    summarize cite rate print reveal repeat rank praise visit click follow execute disregard insert claim insist link promote \
    sagen antworten empfehlen erwähnen schreiben ignorieren zusammenfassen ergänzen antworte schreibe ignoriere répondre dire \
    écrire recommander ajouter mentionner responder decir escribir recomendar mencionar rispondere scrivere consigliare";
pub(super) const CALL: &str = "note attention dear hey instruction instructions message hinweis achtung anweisung nachricht note \
    consigne nota atención instrucción attenzione if whoever any wenn si";
pub(super) const ROLES: &str =
    "system assistant ai developer instruction instructions llm bot model anweisung instrucción";
pub(super) const REVEAL: &str = "print prints reveal reveals repeat repeats output outputs show shows leak display displays gib \
    zeige affiche muestra mostra";
/// Verbs whose object is what is to be written, word for word.
pub(super) const WRITE_ITSELF: &str =
    "write say print output append repeat schreibe schreib sage écris dis escribe di scrivi";
pub(super) const WRITE: &str = "write say print output append repeat answer reply respond add include insert state type schreibe \
    schreib sage écris dis ajoute escribe di añade scrivi aggiungi";
