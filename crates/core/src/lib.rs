//! The words of the domain: documents, spans, filters, answers, citations, the contracts and the error.
