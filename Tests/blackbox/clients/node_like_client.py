"""A client after the manner of the vendor's Node example.

It sends without waiting for anything, in messages of a fixed size cut from whatever pieces the microphone delivers;
what does not fill a message is never sent. When it stops, it says `eos` and closes at once, last words or not. It
speaks for a second before it listens; then it goes on only after `ready`, as a microphone is slower than a session's
beginning and this recording is not.
"""

import asyncio
import json
import random
import urllib.parse

import requests
import websockets
from recording import arguments, report, samples

SECOND = 32_000


class Microphone:
    """Delivers the recording in pieces of no particular size."""

    def __init__(self, audio):
        self.audio = audio
        self.chance = random.Random(1)

    def __iter__(self):
        at = 0
        while at < len(self.audio):
            size = self.chance.randint(1, 9000)
            yield self.audio[at : at + size]
            at += size


async def main(options):
    answer = requests.post(
        options.base_url + "/transcribe/streaming-token",
        headers={"X-API-Key": "any-dummy-key", "content-type": "application/json"},
        data="{}",
        timeout=10,
    )
    answer.raise_for_status()
    token = urllib.parse.quote(answer.json()["token"], safe="")
    url = f"{options.ws_url}?streaming_token={token}"
    socket = await websockets.connect(url, compression=None, max_size=None, ping_interval=None)
    ready = asyncio.Event()

    async def on_message():
        async for message in socket:
            content = json.loads(message)
            if content.get("type") == "ready":
                ready.set()
            elif content.get("text"):
                report("final" if content.get("is_final", True) else "partial", text=content["text"])

    listening = asyncio.create_task(on_message())
    start = {"type": "start", "sample_rate": 16000, "channels": 1, "single_utterance": False, "vad": options.vad}
    await socket.send(json.dumps(start))
    buffer, sent = b"", 0
    for piece in Microphone(samples(options.recording)):
        buffer += piece
        while len(buffer) >= options.message_bytes:
            if sent >= SECOND:
                await ready.wait()
            await socket.send(buffer[: options.message_bytes])
            sent += options.message_bytes
            buffer = buffer[options.message_bytes :]
    await socket.send('{"type":"eos"}')
    await socket.close()
    await listening
    report("sent", bytes=sent)
    report("close", code=socket.close_code)


asyncio.run(main(arguments(__doc__)))
