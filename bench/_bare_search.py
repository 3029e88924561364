"""A bare baseline for search: title and text of every activity put into tantivy and asked, with nothing of ours."""

import shutil
from pathlib import Path

import tantivy


def made(rows, folder):
    """An index with two fields and tantivy's own tokenizer, of (identifier, title, text)."""
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    schema = tantivy.SchemaBuilder().add_text_field("identifier", stored=True, tokenizer_name="raw")
    schema = schema.add_text_field("title", stored=True).add_text_field("text").build()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(heap_size=64 << 20, num_threads=1)
    for identifier, title, text in rows:
        writer.add_document(tantivy.Document(identifier=[identifier], title=[title], text=[text]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def found(index, words):
    """The twenty best titles that hold all words."""
    query, _ = index.parse_query_lenient(words, ["title", "text"], conjunction_by_default=True)
    searcher = index.searcher()
    return [searcher.doc(place)["title"] for _, place in searcher.search(query, 20).hits]
