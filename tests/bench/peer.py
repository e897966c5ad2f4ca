#!/usr/bin/python3
"""What a user would write instead of webcared, as the yardstick of end_to_end --peer.

    peer.py mastodon|jsonfeed PORT BOOTSTRAP SOURCES RULES

Reads the same gzip JSON pages from the feed server at PORT, strips the HTML, looks for the words of the
rule file RULES with one regular expression and publishes the complaints to Kafka, idempotent and lz4. It
stores nothing, knows nothing it has seen, keeps no order and delivers more than once after a crash.
Prints posts a second of its own CPU time.
"""
import gzip
import html
import http.client
import re
import sys
import time

import ujson
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

CONDITION = re.compile(r"when: \{(word|phrase): ([^}]*)\}")
TAG = re.compile(r"<[^>]*>")


def read_rules(path):
    with open(path, encoding="utf-8") as rules:
        found = [match.groups() for match in map(CONDITION.search, rules) if match]
    pattern = "|".join(re.escape(words) for _, words in found)
    complaints = {words for kind, words in found if kind == "word"}
    return re.compile(r"\b(?:" + pattern + r")\b", re.IGNORECASE), complaints


def get(client, path):
    client.request("GET", path, headers={"Accept-Encoding": "gzip"})
    return ujson.loads(gzip.decompress(client.getresponse().read()))


def statuses(port, sources):
    """The pages of Mastodon, source by source in turn, until all are read."""
    clients = {f"i{n}.example": http.client.HTTPConnection("127.0.0.1", port) for n in range(sources)}
    newest = dict.fromkeys(clients, "0")
    while clients:
        for host, client in list(clients.items()):
            page = get(client, f"/m/{host}/api/v1/timelines/public?limit=40&min_id={newest[host]}")
            if not page:
                del clients[host]
                continue
            newest[host] = page[0]["id"]
            yield [(one["id"], one["content"], one["account"]["acct"], one["url"], one["created_at"]) for one in page]


def items(port, sources):
    """The pages of the JSON Feeds, each from its newest on."""
    for n in range(sources):
        client = http.client.HTTPConnection("127.0.0.1", port)
        path = f"/i{n}.json"
        while path:
            page = get(client, path)
            path = page.get("next_url", "").removeprefix(f"http://127.0.0.1:{port}")
            yield [(one["id"], one["content_html"], one["authors"][0]["name"], one["url"], one["date_published"])
                   for one in page["items"]]


def main(site, port, bootstrap, sources, rule_file):
    rules, complaints = read_rules(rule_file)
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for made in admin.create_topics([NewTopic("peer", 1, 1)]).values():
        made.result()
    producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "lz4",
                         "linger.ms": 5, "queue.buffering.max.messages": 1_000_000})
    posts = published = 0
    began = time.process_time()
    pages = statuses if site == "mastodon" else items
    for page in pages(int(port), int(sources)):
        for native_id, content, author, url, created_at in page:
            posts += 1
            text = html.unescape(TAG.sub(" ", content))
            reasons = [match.group(0) for match in rules.finditer(text)]
            if not any(reason.lower() in complaints for reason in reasons):
                continue
            published += 1
            record = {"id": native_id, "author": author, "url": url, "created_at": created_at, "text": text,
                      "reasons": reasons}
            producer.produce("peer", key=native_id, value=ujson.dumps(record))
        producer.poll(0)
    producer.flush()
    cpu = time.process_time() - began
    print(f"Python peer: {posts} posts, {published} published, {posts / cpu:.0f} posts/s of CPU "
          f"({cpu * 1e6 / posts:.1f} us a post)")


main(*sys.argv[1:])
