// The shapes of the API, made from docs/openapi.json by `npm run types`.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description What a question got. */
    Answer: {
      /** @description Whether the documents do not say. */
      abstained: boolean;
      /** @description The sentences that answer; empty when abstained. */
      answer: string;
      /** @description What the answer rests on, best first; when abstained, the nearest passages. */
      citations: components['schemas']['Citation'][];
      /**
       * Format: double
       * @description Belief that the answer is right, 0 to 1.
       */
      confidence: number;
      generated?: components['schemas']['Generated'] | null;
      llm_fault?: components['schemas']['ErrorDetail'] | null;
      /** @description What the reader should know: that the best file was not read as a whole. */
      note?: string | null;
      /** @description As it was typed. */
      question: string;
      /** @description How long it took. */
      timings: components['schemas']['Timings'];
      /**
       * Format: int64
       * @description The number of its trace, which tells how it came about; null where none is kept, and while a language model writes.
       */
      trace?: number | null;
    };
    /** @description What to answer. */
    AskBody: {
      filter?: components['schemas']['FilterBody'] | null;
      /** @description The language model that writes under the answer; without it the configured one, empty = none. */
      llm?: string | null;
      /** @description How to retrieve. */
      mode?: components['schemas']['RetrievalMode'];
      /** @description The question. */
      question: string;
      /**
       * Format: double
       * @description Seconds after which the answer is of no use any more; at most, and without it, 60, or 600 where a language model writes.
       */
      timeout?: number | null;
    };
    /** @description A citation. */
    ChatAnnotation: {
      /** @description What else is known. */
      pllm: components['schemas']['CitedPlace'];
      /** @description `url_citation`. */
      type: string;
      /** @description As every client knows it. */
      url_citation: components['schemas']['UrlCitation'];
    };
    /** @description What is asked. Fields that are not named here are taken and not used: sampling and length are the pipeline's. */
    ChatBody: {
      /** @description There are none. */
      logprobs?: boolean | null;
      /** @description The last message of a user is the question. Earlier ones are not used yet, and a system's never. */
      messages: components['schemas']['ChatMessage'][];
      /** @description A collection; `COLLECTION@LLM` lets that language model write, `COLLECTION@` none. */
      model: string;
      /**
       * Format: int64
       * @description One answer.
       */
      n?: number | null;
      response_format?: components['schemas']['ResponseFormat'] | null;
      /** @description Whether the answer comes as events, sentence by sentence. */
      stream?: boolean | null;
      stream_options?: components['schemas']['StreamOptions'] | null;
      /** @description None can be called. */
      tools?: Record<string, never>[] | null;
    };
    /** @description One answer. */
    ChatChoice: {
      /** @description `stop`, `length` or `content_filter`. */
      finish_reason: string;
      /**
       * Format: int32
       * @description 0.
       */
      index: number;
      /** @description Always null. */
      logprobs: Record<string, never> | null;
      /** @description The answer. */
      message: components['schemas']['ChatReply'];
    };
    /** @description One event of a stream. The last one of the answer has its annotations, and the answer as `/api` has it. */
    ChatChunk: components['schemas']['ChatHead'] & {
      /** @description One; none beside the usage. */
      choices: components['schemas']['ChunkChoice'][];
      pllm?: components['schemas']['ServedAnswer'] | null;
      usage?: components['schemas']['ChatUsage'] | null;
    };
    /** @description The answer. */
    ChatCompletion: components['schemas']['ChatHead'] & {
      /** @description One. */
      choices: components['schemas']['ChatChoice'][];
      /** @description The answer as `/api` has it: confidence, citations, each sentence with its verdict. */
      pllm: components['schemas']['ServedAnswer'];
      /** @description What the language model read and wrote; zeros where none wrote. */
      usage: components['schemas']['ChatUsage'];
    };
    /** @description What is said. */
    ChatContent: string | components['schemas']['ChatPart'][];
    /** @description What is new. */
    ChatDelta: {
      /** @description In the last event. */
      annotations?: components['schemas']['ChatAnnotation'][] | null;
      /** @description More text. */
      content?: string | null;
      /** @description `assistant`, in the first event. */
      role?: string | null;
    };
    /** @description What names an answer; the same in every event of a stream. */
    ChatHead: {
      /**
       * Format: int64
       * @description Seconds since 1970.
       */
      created: number;
      /** @description With the id of the request, which the log has too. */
      id: string;
      /** @description As it was asked. */
      model: string;
      /** @description `chat.completion`, or `chat.completion.chunk` for an event. */
      object: string;
    };
    /** @description One message. */
    ChatMessage: {
      content?: components['schemas']['ChatContent'] | null;
      /** @description Who says it. */
      role: components['schemas']['ChatRole'];
    };
    /** @description A part of a message. */
    ChatPart: {
      /** @description The text. */
      text?: string | null;
      /** @description `text`; others are refused in a question. */
      type: string;
    };
    /** @description The answer as a message. */
    ChatReply: {
      /** @description What the text rests on, in its order. */
      annotations: components['schemas']['ChatAnnotation'][];
      /**
       * @description What a language model wrote, if one did; else the sentence of the documents that answers. A sentence that the documents
       *     do not support is marked.
       */
      content: string;
      /** @description Always null. */
      refusal: string | null;
      /** @description `assistant`. */
      role: string;
    };
    /**
     * @description Who says a message.
     * @enum {string}
     */
    ChatRole: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
    /** @description What an answer cost. */
    ChatUsage: {
      /**
       * Format: int64
       * @description Tokens that were written.
       */
      completion_tokens: number;
      /**
       * Format: int64
       * @description Tokens that were read.
       */
      prompt_tokens: number;
      /**
       * Format: int64
       * @description Both.
       */
      total_tokens: number;
    };
    /** @description A piece of the answer. */
    ChunkChoice: {
      /** @description What is new. */
      delta: components['schemas']['ChatDelta'];
      /** @description Why it ended; null until then. */
      finish_reason: string | null;
      /**
       * Format: int32
       * @description 0.
       */
      index: number;
      /** @description Always null. */
      logprobs: Record<string, never> | null;
    };
    /** @description A quote with its place. */
    Citation: {
      /** @description The Document it was found in. */
      document_id: string;
      /** @description One past the last. */
      end: number;
      /** @description The format it was read as. */
      format: string;
      /** @description Its number, from 1. */
      n: number;
      /** @description The file's name, with the row for a table. */
      name: string;
      /** @description The file's path. */
      path: string;
      place?: components['schemas']['Place'] | null;
      /** @description The text between. */
      quote: string;
      /** @description The source's id. */
      source: string;
      /** @description First code point of the canonical text. */
      start: number;
      /** @description What of the file was not read, for people. */
      unread?: string | null;
    };
    /** @description The quote with its place in a file. */
    CitedPlace: components['schemas']['Citation'] & {
      /**
       * @description `quote` where the text is the quote itself, `further` for what else answers; of a sentence that was written, its verdict:
       *     `supported` or `unsupported`.
       */
      support: string;
    };
    /** @description A collection and what it was made with. */
    Collection: {
      /** @description When it was made. */
      created: string;
      /** @description The name of its embedder. */
      embedder: string;
      /**
       * Format: int32
       * @description Its index's generation, from 1.
       */
      generation: number;
      /** @description Names its directory. */
      id: string;
      /** @description Its languages by code, main language first; empty = told by its documents. */
      languages: string[];
      /** @description Whether its text is sent to no model on another machine. */
      local_only: boolean;
      /** @description What people call it. */
      name: string;
      /** @description The kind of its document store. */
      store: string;
    };
    /** @description What of a collection is to be another; what is not named stays. */
    CollectionChangeBody: {
      /** @description Whether its text is sent to no model on another computer. */
      local_only?: boolean | null;
      /** @description What a language model is told, a Jinja template; empty = the shipped one. */
      prompt_template?: string | null;
    };
    /** @description A collection and what it holds. */
    CollectionSummary: components['schemas']['Collection'] & {
      /**
       * Format: int64
       * @description Bytes of the originals.
       */
      bytes: number;
      /**
       * Format: int64
       * @description Bytes on disk.
       */
      disk_bytes: number;
      /**
       * Format: int64
       * @description Documents.
       */
      documents: number;
      /** @description Its folder. */
      folder: string;
      /** @description What a language model is told, where it is not the shipped template. */
      prompt_template?: string | null;
      /**
       * Format: int64
       * @description Rows of datasets.
       */
      rows: number;
      /** @description The languages that were told, with the number of sources in each. */
      source_languages: {
        [key: string]: number;
      };
      /**
       * Format: int64
       * @description Files and datasets.
       */
      sources: number;
    };
    /** @description What a delete removed. */
    DeletedSources: {
      /**
       * Format: int64
       * @description Documents.
       */
      documents: number;
      /**
       * Format: int64
       * @description Rows of datasets among them.
       */
      rows: number;
      /**
       * Format: int64
       * @description Sources that were named.
       */
      sources: number;
    };
    /** @description What was removed. */
    DeletedTraces: {
      /**
       * Format: int64
       * @description Traces, each with its question.
       */
      traces: number;
    };
    /** @description Sources that are to be deleted. */
    Deletion: {
      /** @description Ids, beginnings of them, paths or file names. */
      sources: string[];
    };
    /** @description Something that was left out. */
    DroppedText: {
      /** @description A word that never changes. */
      kind: string;
      /** @description The pages it was left out on. */
      pages: number[];
      /** @description Why. */
      reason: string;
      /** @description Its text. */
      text: string;
    };
    /** @description One text or several. */
    EmbeddingInput: string | string[];
    /** @description One vector. */
    EmbeddingItem: {
      /** @description Of length 1. */
      embedding: components['schemas']['Vector'];
      /** @description The text's, from 0. */
      index: number;
      /** @description `embedding`. */
      object: string;
    };
    /** @description Vectors. */
    Embeddings: {
      /** @description In the order of the texts. */
      data: components['schemas']['EmbeddingItem'][];
      /** @description The embedder. */
      model: string;
      /** @description `list`. */
      object: string;
      /** @description What was read. */
      usage: components['schemas']['EmbeddingsUsage'];
    };
    /** @description What to embed. */
    EmbeddingsBody: {
      /** @description As many as the embedder has. */
      dimensions?: number | null;
      encoding_format?: components['schemas']['VectorFormat'] | null;
      /** @description One text, or a list of at most 2048; each of at most 254 tokens. */
      input: components['schemas']['EmbeddingInput'];
      /** @description The embedder, or any collection. */
      model: string;
    };
    /** @description What was read. */
    EmbeddingsUsage: {
      /** @description Tokens of all texts. */
      prompt_tokens: number;
      /** @description The same. */
      total_tokens: number;
    };
    /** @description What went wrong. */
    ErrorDetail: {
      /** @description The cure, if one is known. */
      hint?: string | null;
      /** @description What can be done about it, in a word: `not found`. */
      kind: string;
      /** @description What happened. */
      message: string;
    };
    /** @description Which Documents. */
    FilterBody: string | Record<string, never>;
    /** @description A format that is read. */
    Format: {
      /** @description What it is, for people. */
      description: string;
      /** @description File name endings, without the dot; the first is the usual one. */
      extensions: string[];
      /** @description Media types. */
      media_types: string[];
      /** @description Its name, as sources and reports have it. */
      name: string;
    };
    /** @description A Document with its place. */
    FoundDocument: {
      /** @description The citable text. */
      content: string;
      /** @description One past the last. */
      end?: number | null;
      /** @description Its id. */
      id: string;
      /** @description The language it is treated as. */
      language?: string | null;
      /** @description Its metadata. */
      meta: Record<string, never>;
      /** @description The file's name, with the row for a table. */
      name: string;
      /** @description The file's path. */
      path: string;
      place?: components['schemas']['Place'] | null;
      /** @description Its rank, from 1. */
      rank: number;
      /**
       * Format: double
       * @description Higher is better.
       */
      score?: number | null;
      /** @description The source's id. */
      source?: string | null;
      /** @description First code point of the canonical text. */
      start?: number | null;
    };
    /** @description What a language model wrote, sentence by sentence, with what each one rests on. */
    Generated: {
      /** @description What they rest on, numbered from 1. */
      citations: components['schemas']['Citation'][];
      /**
       * Format: int64
       * @description Tokens that were written.
       */
      completion_tokens: number;
      /** @description A small model wrote it: a draft. */
      draft: boolean;
      /** @description Why the writing ended: `stop`, `length` or `content_filter`. */
      finish: string;
      /**
       * Format: double
       * @description Milliseconds to the first word.
       */
      first_text_ms?: number | null;
      /** @description The host that got the question and the passages; null when they stayed on this computer. */
      host?: string | null;
      /** @description The name that it was asked by. */
      llm: string;
      /** @description The model's own name. */
      model: string;
      /**
       * Format: int64
       * @description Tokens of the prompt.
       */
      prompt_tokens: number;
      /** @description The sentences, in order. */
      sentences: components['schemas']['Sentence'][];
      /** @description All sentences. */
      text: string;
      /** @description Sentences that the documents do not support. */
      unsupported: number;
      /** @description Sentences that nobody is shown: they followed an order in a document. */
      withheld: number;
    };
    /** @description How the service is. */
    Health: {
      /** @description Where everything is stored. */
      data_dir: string;
      /**
       * Format: int64
       * @description Bytes that the disk there has left.
       */
      disk_free_bytes: number;
      /** @description Why it failed. */
      fault?: string | null;
      /** @description The models of the catalogue. */
      models: components['schemas']['Model'][];
      /** @description `warming` while the models and the indexes of the collections are loaded, then `ready`; `failed` when they cannot be. */
      state: string;
      /** @description The program's version. */
      version: string;
    };
    /** @description A job. */
    Job: {
      /**
       * Format: int32
       * @description How often it was begun.
       */
      attempts: number;
      /**
       * Format: int64
       * @description Bytes that are dealt with.
       */
      bytes_done: number;
      /**
       * Format: double
       * @description How fast the last attempt is or was; 0 before anything is done.
       */
      bytes_per_second: number;
      /**
       * Format: int64
       * @description Bytes of all files.
       */
      bytes_total: number;
      /** @description The name of its collection. */
      collection: string;
      /** @description When it was made. */
      created_at: string;
      /**
       * Format: int64
       * @description Documents stored.
       */
      documents: number;
      /** @description When that ended. */
      ended_at?: string | null;
      /** @description Its files, in order; not in a list of jobs. */
      files?: components['schemas']['JobFile'][] | null;
      /**
       * Format: int64
       * @description Files that are stored, unchanged ones among them.
       */
      files_done: number;
      /**
       * Format: int64
       * @description Files that failed.
       */
      files_failed: number;
      /**
       * Format: int64
       * @description Files in all.
       */
      files_total: number;
      /**
       * Format: int64
       * @description Its number, ascending.
       */
      id: number;
      /** @description What it does: `ingest`. */
      kind: string;
      /**
       * Format: double
       * @description What is left takes so long at that rate; none unless it is running and something is done.
       */
      seconds_left?: number | null;
      /** @description When its last attempt began. */
      started_at?: string | null;
      /** @description `queued`, `running`, `done`, `failed`, `cancelled` or `interrupted`. */
      state: string;
    };
    /** @description A file of a job. */
    JobFile: {
      /**
       * Format: int64
       * @description Its size.
       */
      bytes: number;
      /**
       * Format: int64
       * @description Bytes that are dealt with.
       */
      bytes_done: number;
      /**
       * Format: int64
       * @description Documents stored.
       */
      documents: number;
      error?: components['schemas']['ErrorDetail'] | null;
      /** @description What its sender calls it, cleaned; a relative path where it came with one. */
      name: string;
      /** @description The path of its source. */
      path: string;
      report?: components['schemas']['Report'] | null;
      /** @description The id of the source it became. */
      source?: string | null;
      /** @description What is being done with it: `convert` or `index`. */
      stage?: string | null;
      /** @description `waiting`, `reading`, `done`, `unchanged`, `failed` or `cancelled`. */
      state: string;
    };
    /** @description A line of a page. */
    LayoutLine: {
      /** @description `[left, top, right, bottom]`; of a line in several pieces, the box around all of them. */
      box: number[];
      /** @description Its text. */
      text: string;
    };
    /** @description A trace in a list. */
    ListedTrace: {
      /** @description Whether the answer was "not in your documents". */
      abstained: boolean;
      /** @description When. */
      asked: string;
      /** @description The collection that was asked. */
      collection: string;
      /**
       * Format: double
       * @description Belief that the answer is right, 0 to 1.
       */
      confidence: number;
      /**
       * Format: int64
       * @description Its number.
       */
      id: number;
      /** @description The language model that wrote. */
      llm?: string | null;
      /** @description As it was typed. */
      question: string;
      /**
       * Format: double
       * @description How long it took.
       */
      total_ms: number;
      /** @description Sentences of it that the documents do not support. */
      unsupported: number;
      /** @description Sentences of it that nobody was shown. */
      withheld: number;
    };
    /** @description A language model that can be asked, or could be. */
    Llm: {
      /** @description Tokens of prompt and answer together. */
      context_tokens?: number | null;
      /** @description Whether it writes where a question names none. */
      default: boolean;
      /** @description A small model: what it writes is a draft. */
      draft: boolean;
      /** @description Why it cannot be asked. */
      fault?: string | null;
      /** @description The host that gets questions and passages; null when they stay on this computer. */
      host?: string | null;
      /** @description The model's own name. */
      model?: string | null;
      /** @description What it is asked by. */
      name: string;
      /** @description Whether that host is another computer. */
      remote: boolean;
    };
    /** @description Which language model. */
    LlmBody: {
      /** @description Its name in the list. */
      name: string;
    };
    /** @description Something that the documents do not say. */
    Missing: {
      /** @description What it is: `number`, `unit`, `date`, `name`, `role`, `negation`, or `evidence` for the sentence as a whole. */
      kind: string;
      /** @description The words; empty for the sentence as a whole. */
      text: string;
    };
    /** @description A model of the catalogue. */
    Model: {
      /**
       * Format: int64
       * @description Bytes of its files.
       */
      bytes: number;
      /** @description Where its files are or would be. */
      folder: string;
      /** @description The page that describes it. */
      home: string;
      /** @description What it does: `embedder`. */
      kind: string;
      /** @description Its licence, as an SPDX expression. */
      licence: string;
      /** @description How it is asked for. */
      name: string;
      /** @description `not here`, `here, not checked` or `here, checked`. */
      state: string;
    };
    /** @description A Document with another rank than then. */
    MovedCandidate: {
      /** @description Its id. */
      document_id: string;
      /** @description The file's name, with the row for a table. */
      name: string;
      /** @description Its rank now; null when it is not found any more. */
      now?: number | null;
      place?: components['schemas']['Place'] | null;
      /** @description Its rank then; null when the trace does not have it. */
      was?: number | null;
    };
    /** @description A collection to be made. */
    NewCollectionBody: {
      /** @description Its embedder, by the name of a model. */
      embedder?: string | null;
      /** @description By ISO 639-1 code, main language first; empty = told by its documents. */
      languages?: string[];
      /** @description Whether its text is sent to no model on another computer. */
      local_only?: boolean;
      /** @description 1 to 100 characters. */
      name: string;
      /** @description The kind of its store: `memory`. */
      store?: string | null;
    };
    /** @description A text to be read. */
    NewText: {
      /** @description What it is called; with the same name again it is a new revision. */
      name: string;
      /** @description The text. */
      text: string;
    };
    /** @description Where an error is told under `/v1`. */
    OpenAiError: {
      /** @description The error. */
      error: components['schemas']['OpenAiErrorObject'];
    };
    /** @description An error. */
    OpenAiErrorObject: {
      /** @description What happened, in a word: `model_not_found`. */
      code: string;
      /** @description What happened, and the cure, if one is known. */
      message: string;
      /** @description The part of the request that is not right, where one name says it. */
      param: string | null;
      /** @description `invalid_request_error`, `rate_limit_error` or `server_error`. */
      type: string;
    };
    /** @description A model. */
    OpenAiModel: {
      /**
       * Format: int64
       * @description When the collection was made, seconds since 1970; 0 for the embedder.
       */
      created: number;
      /** @description What it is asked by. */
      id: string;
      /** @description `model`. */
      object: string;
      /** @description `pllm`. */
      owned_by: string;
      /** @description What it is here. */
      pllm: components['schemas']['OpenAiModelDetail'];
    };
    /** @description What a model is here. */
    OpenAiModelDetail: {
      /** @description The collection that answers; null for the embedder. */
      collection: string | null;
      /** @description The host that gets questions and passages; null when they stay on this computer. */
      host: string | null;
      /** @description The language model that writes; null where none does. */
      llm: string | null;
      /** @description Whether that host is another computer. */
      remote: boolean;
    };
    /** @description What can be named as a model. */
    OpenAiModels: {
      /** @description Collections by name, each followed by itself with a language model; the embedder comes last. */
      data: components['schemas']['OpenAiModel'][];
      /** @description `list`. */
      object: string;
    };
    /** @description A part of a page. */
    PageArea: {
      /** @description Its boxes, in the order of the text. */
      boxes: number[][];
      /**
       * Format: int32
       * @description The page, from 1.
       */
      page: number;
    };
    /** @description Where the lines of a page stand, and the words that were asked for. */
    PageLayout: {
      /**
       * Format: double
       * @description Its height.
       */
      height: number | null;
      /** @description Its lines, in the order of the text. */
      lines: components['schemas']['LayoutLine'][];
      /** @description Where the words of the marked range are on this page, those side by side as one box. */
      marks: number[][];
      /**
       * Format: int32
       * @description The page, from 1.
       */
      page: number;
      /**
       * Format: double
       * @description Its width as it is shown, points; not known of what an earlier version read.
       */
      width: number | null;
    };
    /** @description A line on a page. */
    PageLine: {
      /** @description Where it stands. */
      area: components['schemas']['PageArea'];
      /** @description One past the last. */
      end: number;
      /** @description First code point of the canonical text. */
      start: number;
    };
    /** @description A page as it was read. */
    PageText: {
      /** @description One past the last. */
      end: number;
      /** @description Its lines, in the order of the text. */
      lines: components['schemas']['PageLine'][];
      /**
       * Format: int32
       * @description The page, from 1.
       */
      page: number;
      /** @description First code point of the canonical text. */
      start: number;
      /** @description The text between. */
      text: string;
    };
    /** @description Where in a file a text stands: `label` for people, the rest by kind. */
    Place: {
      /**
       * Format: int32
       * @description First line, from 1.
       */
      first_line?: number | null;
      /** @description Headings above, outermost first; not for rows. */
      headings?: string[] | null;
      /** @description `section` (lines of the file), `text` (lines of its text), `page` or `row`. */
      kind: string;
      /** @description As people write it: `p. 12, § 4.2`. */
      label: string;
      /**
       * Format: int32
       * @description Last line.
       */
      last_line?: number | null;
      /** @description The pages it stands on, with the boxes of its lines. */
      pages?: components['schemas']['PageArea'][] | null;
      /**
       * Format: int64
       * @description The row of a table, from 1, the header not counted.
       */
      row?: number | null;
    };
    /** @description Where an error is told: RFC 9457, with what the program itself would say. */
    Problem: {
      /** @description What happened: what, which value, what was expected. */
      detail: string;
      /** @description The cure, if one is known. */
      hint?: string | null;
      /** @description What can be done about it, in a word: `not found`. */
      kind: string;
      /** @description Stands in the log too. */
      request_id: string;
      /**
       * Format: int32
       * @description The status of the response.
       */
      status: number;
      /** @description The kind of problem for people. */
      title: string;
      /** @description `/problems/<code>`, a page that explains it. */
      type: string;
    };
    /** @description Columns in their roles. */
    ProposedColumns: {
      /** @description Those whose `column: value` lines are the text. */
      content: string[];
      /** @description The one that tells rows apart; none = the row's number. */
      id?: string | null;
      /** @description Those to filter by. */
      meta: string[];
    };
    /** @description What is still to be read in a collection. */
    Reading: {
      /**
       * Format: int64
       * @description Their files that are not done.
       */
      files_left: number;
      /**
       * Format: int64
       * @description Jobs that run or wait.
       */
      jobs: number;
    };
    /** @description The question of a trace, asked again. */
    Replay: {
      /**
       * Format: int64
       * @description The trace's number.
       */
      id: number;
      /** @description Whether every rank is as it was: in the joined list and in both lists it was joined from. */
      identical: boolean;
      /** @description Whether the index has changed since; null when it was being changed then. */
      index_changed?: boolean | null;
      /** @description Of the best Documents, those with another rank than then. */
      moved: components['schemas']['MovedCandidate'][];
      /** @description What that means, in words. */
      note: string;
      /** @description Whether version, embedder or pipeline are others than then. */
      program_changed: boolean;
    };
    /** @description What of a file was read, and what was not. */
    Report: {
      /** @description What was left out. */
      dropped: components['schemas']['DroppedText'][];
      /**
       * Format: int32
       * @description Pages, for a format that has them.
       */
      pages: number;
      /** @description The pages, from 1, on which no text was found. */
      pages_without_text: number[];
      /**
       * Format: int64
       * @description Rows, for a table.
       */
      records: number;
      /**
       * Format: int32
       * @description Tables that were read as rows.
       */
      tables: number;
      /**
       * Format: int64
       * @description Bytes of canonical text.
       */
      text_bytes: number;
      /** @description What was not read, for people. */
      unread?: string | null;
      /** @description What went not quite right. */
      warnings: components['schemas']['Warning'][];
    };
    /** @description The form of the answer. */
    ResponseFormat: {
      /** @description `text`; others are refused. */
      type: string;
    };
    /**
     * @description How to retrieve.
     * @enum {string}
     */
    RetrievalMode: 'hybrid' | 'keyword' | 'dense';
    /** @description What to look for. */
    SearchBody: {
      filter?: components['schemas']['FilterBody'] | null;
      /** @description How to retrieve. */
      mode?: components['schemas']['RetrievalMode'];
      /** @description A question or words. */
      query: string;
      /** @description Most Documents; without it as configured. */
      top_k?: number | null;
    };
    /** @description What a search found. */
    SearchResult: {
      /** @description The Documents, best first. */
      documents: components['schemas']['FoundDocument'][];
      /** @description As it was typed. */
      query: string;
      /** @description How long it took. */
      timings: components['schemas']['Timings'];
    };
    /** @description A piece of the text. */
    Segment: {
      /** @description Where it is a heading: its level, from 1. */
      heading?: number | null;
      /** @description Whether it is (part of) what was asked for. */
      mark: boolean;
      /** @description The piece. */
      text: string;
    };
    /** @description One sentence. */
    Sentence: {
      /** @description Numbers of citations. */
      citations: number[];
      /** @description What of it the documents do not say. */
      missing: components['schemas']['Missing'][];
      /** @description `supported`, `unsupported`, or `no_claim` for what says nothing about the documents. */
      support: string;
      /** @description As it was written, with the white space before it. */
      text: string;
    };
    /** @description An answer of a service, in which files may be read while questions are answered. */
    ServedAnswer: components['schemas']['Answer'] & {
      reading?: components['schemas']['Reading'] | null;
    };
    /** @description A source with as much of its text as was asked for. */
    ShownSource: components['schemas']['Source'] & {
      page?: components['schemas']['PageText'] | null;
      /** @description The whole canonical text. */
      text?: string | null;
    };
    /** @description A file, a table or a row of one. */
    Source: {
      /**
       * Format: int64
       * @description Bytes of the original.
       */
      bytes: number;
      /** @description The dataset of a row. */
      dataset?: string | null;
      /**
       * Format: int64
       * @description Documents made of it; of a dataset, those of its rows.
       */
      documents: number;
      /** @description The encoding it was decoded from; empty where the format has none. */
      encoding: string;
      /** @description The format it was read as. */
      format: string;
      /** @description Its id. */
      id: string;
      /** @description When the current revision was made. */
      ingested: string;
      /** @description `file`, `dataset` or `row`. */
      kind: string;
      /** @description Its language, where it was told reliably. */
      language?: string | null;
      /** @description Metadata its Documents carry. */
      meta: Record<string, never>;
      /** @description File name, or `name, row 7`. */
      name: string;
      /** @description Where the file was read from. */
      path: string;
      /** @description What was read and what was not. */
      report: components['schemas']['Report'];
      /**
       * Format: int32
       * @description The current revision, from 1.
       */
      revision: number;
      /**
       * Format: int64
       * @description Rows of a dataset.
       */
      rows: number;
      /**
       * Format: int64
       * @description Bytes of canonical text; of a dataset, those of its rows.
       */
      text_bytes: number;
    };
    /** @description Some of the sources of a collection. */
    SourcePage: {
      /** @description Those that were asked for, in order. */
      sources: components['schemas']['Source'][];
      /** @description How many match in all. */
      total: number;
    };
    /** @description The canonical text of a source, or a window of it around what is marked. */
    SourceText: {
      /** @description The text in pieces, in order; together they are the text byte for byte. */
      segments: components['schemas']['Segment'][];
      /** @description The code point of the canonical text that the first piece begins at. */
      start: number;
      /** @description Whether there is more text before or after. */
      truncated: boolean;
    };
    /** @description An event of a stream, as its lines tell it. */
    StreamEvent: {
      /** @description JSON, as the operation says. */
      data: string;
      /** @description What happened. */
      event: string;
    };
    /** @description What else a stream tells. */
    StreamOptions: {
      /** @description Whether the usage comes as the last event. */
      include_usage?: boolean | null;
    };
    /** @description A column. */
    TableColumn: {
      /** @description Its name. */
      name: string;
      /** @description Up to five of its values, cut where they are long. */
      samples: string[];
    };
    /** @description The columns of a table, and what they are where nobody chooses. */
    TableColumns: {
      /** @description Every column, in the file's order. */
      columns: components['schemas']['TableColumn'][];
      /** @description What an ingest makes of them without any choice. */
      proposed: components['schemas']['ProposedColumns'];
    };
    /** @description A table to look at. */
    TableForm: {
      /**
       * Format: binary
       * @description A file of csv, tsv, json or jsonl.
       */
      file: string;
    };
    /** @description Milliseconds by component, `<component>_ms`, in the order they ran, and their sum, `total_ms`. */
    Timings: {
      [key: string]: number;
    };
    /** @description How an answer came about. */
    Trace: {
      /** @description Whether the answer was "not in your documents". */
      abstained: boolean;
      /** @description When. */
      asked: string;
      /**
       * Format: double
       * @description The best span's score.
       */
      best_score?: number | null;
      /** @description The best Documents, as they were ranked. */
      candidates: components['schemas']['TraceCandidate'][];
      /** @description The answer's citations; when abstained, the nearest passages. The first is the answer. */
      citations: components['schemas']['TraceCitation'][];
      /** @description The collection that was asked. */
      collection: string;
      /**
       * Format: double
       * @description Belief that the answer is right, 0 to 1.
       */
      confidence: number;
      /** @description The condition on documents, in its short form. */
      filter?: string | null;
      /** @description How much was found. */
      found: components['schemas']['TraceFound'];
      generated?: components['schemas']['TraceGenerated'] | null;
      /** @description Places that were part of it and are not shown: their source was deleted or replaced since. */
      gone: number;
      /**
       * Format: int64
       * @description Its number.
       */
      id: number;
      /** @description The kind of error for which a language model that was asked did not write. */
      llm_fault?: string | null;
      /** @description `hybrid`, `keyword` or `dense`. */
      mode: string;
      /**
       * Format: double
       * @description The score of "your documents do not say": a best span below it is no answer.
       */
      no_answer_score: number;
      prompt?: components['schemas']['TracePrompt'] | null;
      /** @description As it was typed. */
      question: string;
      /** @description What the reader found in them, best first. */
      spans: components['schemas']['TraceSpan'][];
      /** @description How long it took. */
      timings: components['schemas']['Timings'];
    };
    /** @description A Document that was found. */
    TraceCandidate: {
      /** @description Where it stands. */
      at: components['schemas']['TracePlace'];
      /** @description The number of its first citation. */
      citation?: number | null;
      /** @description In the list by meaning, from 1; null when it is not in it. */
      dense_rank?: number | null;
      /**
       * Format: double
       * @description Its cosine there.
       */
      dense_score?: number | null;
      /** @description In the list by words, from 1; null when it is not in it. */
      keyword_rank?: number | null;
      /**
       * Format: double
       * @description Its BM25 score there.
       */
      keyword_score?: number | null;
      /** @description What became of it, in words. */
      outcome: string;
      /** @description After both lists were joined, from 1. */
      rank: number;
      /** @description Whether the reader looked into it. */
      read: boolean;
      /**
       * Format: double
       * @description The joined score, 0 to 1.
       */
      score: number;
      /** @description The rank of its best span. */
      span?: number | null;
    };
    /** @description A citation. */
    TraceCitation: {
      /** @description Where it stands. */
      at: components['schemas']['TracePlace'];
      /** @description Its number, from 1. */
      n: number;
    };
    /** @description How much was found. */
    TraceFound: {
      /** @description Documents with a near meaning. */
      dense?: number | null;
      /** @description Documents after both lists were joined. */
      joined: number;
      /** @description Documents that share words with the question; null where they were not looked for. */
      keyword?: number | null;
      /** @description So many of them, the best, were read. */
      read: number;
    };
    /** @description What a language model wrote. */
    TraceGenerated: {
      /** @description What they rest on. */
      citations: components['schemas']['TraceCitation'][];
      /**
       * Format: int64
       * @description Tokens that were written.
       */
      completion_tokens: number;
      /** @description A small model wrote it: a draft. */
      draft: boolean;
      /** @description Why the writing ended: `stop`, `length` or `content_filter`. */
      finish: string;
      /**
       * Format: double
       * @description Milliseconds to the first word.
       */
      first_text_ms?: number | null;
      /** @description The host that got the question and the passages; null when they stayed on this computer. */
      host?: string | null;
      /** @description The name that it was asked by. */
      llm: string;
      /** @description The model's own name. */
      model: string;
      /**
       * Format: int64
       * @description Tokens of the prompt by the engine.
       */
      prompt_tokens: number;
      /** @description Its sentences, in order. */
      sentences: components['schemas']['TraceSentence'][];
      /** @description Sentences that the documents do not support. */
      unsupported: number;
      /** @description Sentences that nobody was shown: they followed an order in a document. */
      withheld: number;
    };
    /** @description Something that is not in the prompt. */
    TraceLeftOut: {
      /** @description Where it stands. */
      at: components['schemas']['TracePlace'];
      /** @description Why, in words. */
      reason: string;
    };
    /** @description A passage of a prompt. */
    TracePassage: {
      at?: components['schemas']['TracePlace'] | null;
      /** @description Its number in the prompt, from 1. */
      n: number;
    };
    /** @description A place in a document, with its text. */
    TracePlace: {
      /** @description The Document it is part of. */
      document_id: string;
      /** @description One past the last. */
      end: number;
      /** @description The format it was read as. */
      format: string;
      /** @description The file's name, with the row for a table. */
      name: string;
      /** @description The file's path. */
      path: string;
      place?: components['schemas']['Place'] | null;
      /**
       * Format: int32
       * @description Its revision.
       */
      revision: number;
      /** @description The source's id. */
      source: string;
      /** @description First code point of the canonical text. */
      start: number;
      /** @description The text between. */
      text: string;
    };
    /** @description What a language model was told. */
    TracePrompt: {
      /** @description Sentences that speak to a language model: it was not shown them. */
      kept_out: components['schemas']['TraceLeftOut'][];
      /** @description What was found and is not in the prompt. */
      left_out: components['schemas']['TraceLeftOut'][];
      /**
       * Format: int32
       * @description Most tokens that might be written.
       */
      max_tokens: number;
      /** @description Its passages, in order. */
      passages: components['schemas']['TracePassage'][];
      /** @description The messages in pieces; null when a document that stood in it was deleted or replaced since. */
      segments?: components['schemas']['TraceSegment'][] | null;
      /** @description Its tokens, as they were counted before it was sent. */
      tokens: number;
    };
    /** @description A piece of a prompt. */
    TraceSegment: {
      /** @description `message` begins one, `text`, or `passage`. */
      kind: string;
      /** @description Of a passage: its number, from 1. */
      passage?: number | null;
      /** @description Of a message: `system` or `user`. */
      role?: string | null;
      /** @description Of a text: the template's words, the question, names of files. */
      text?: string | null;
    };
    /** @description A sentence that a language model wrote. */
    TraceSentence: {
      /** @description Numbers of citations. */
      citations: number[];
      /** @description What of it the documents do not say. */
      missing: components['schemas']['Missing'][];
      /** @description `supported`, `unsupported`, or `no_claim` for what says nothing about the documents. */
      support: string;
      /** @description As it was written; null when a document that stood in the prompt was deleted or replaced since. */
      text?: string | null;
    };
    /** @description A range that the reader found. */
    TraceSpan: {
      /** @description Where it stands. */
      at: components['schemas']['TracePlace'];
      /** @description The number of the citation that it became. */
      citation?: number | null;
      /** @description What became of it, in words. */
      outcome: string;
      /** @description From 1. */
      rank: number;
      /**
       * Format: double
       * @description Higher is better.
       */
      score: number;
    };
    /** @description Files on their way in. */
    UploadForm: {
      /** @description Any number of files; the name may be a relative path. */
      file: string[];
      options?: components['schemas']['UploadOptions'] | null;
    };
    /** @description How the files of an upload are to be read; everything may be left out. */
    UploadOptions: {
      /**
       * @description Columns of a table whose `column: value` lines are the text; none = all.
       * @default []
       */
      content: string[];
      /**
       * @description The column that tells rows apart.
       * @default null
       */
      id: string | null;
      /**
       * @description Columns to filter by; none = those that are not content.
       * @default []
       */
      meta: string[];
      /**
       * @description To try on files that are protected by one. They are not stored.
       * @default []
       */
      passwords: string[];
      /** @description Metadata that wins over everything found in the files. */
      set?: Record<string, never>;
    };
    /** @description A range of the text, and the page of this service that shows what it rests on. */
    UrlCitation: {
      /** @description One past the last. */
      end_index: number;
      /** @description First code point of the text. */
      start_index: number;
      /** @description The file and the place. */
      title: string;
      /** @description The source, with the quote marked. */
      url: string;
    };
    /** @description A vector as it was asked for. */
    Vector: number[] | string;
    /**
     * @description How a vector is written.
     * @enum {string}
     */
    VectorFormat: 'float' | 'base64';
    /** @description Something that went not quite right. */
    Warning: {
      /** @description A word that never changes. */
      code: string;
      /** @description The same for people. */
      message: string;
      /** @description Where, for people. */
      place?: string | null;
    };
    /** @description A sentence while others are still being written. */
    WrittenSentence: components['schemas']['Sentence'] & {
      /** @description The citations that it is the first to use, with their numbers. */
      cited: components['schemas']['Citation'][];
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
