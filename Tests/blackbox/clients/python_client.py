"""A client after the manner of the vendor's Python example: audio follows `start` at once, without waiting.

Sender and receiver run side by side, and the first of the two to end ends the session. A microphone never falls
silent before its last words came back; this sender does, so it waits for the receiver after `eos`.
"""

import asyncio
import json

import requests
import websockets
from recording import arguments, pieces, report, samples


def fetch_token(options):
    answer = requests.post(
        options.base_url + "/transcribe/streaming-token",
        headers={"X-API-Key": "any-dummy-key", "content-type": "application/json"},
        json={},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json()["token"]


async def send(socket, options, heard_all):
    sent = 0
    for piece in pieces(samples(options.recording), options.message_bytes):
        await socket.send(piece)
        sent += len(piece)
    await socket.send('{"type":"eos"}')
    report("sent", bytes=sent)
    await heard_all.wait()


async def receive(socket, heard_all):
    try:
        async for message in socket:
            content = json.loads(message)
            if text := content.get("text"):
                report("final" if content.get("is_final", True) else "partial", text=text)
    finally:
        heard_all.set()


async def main(options):
    url = f"{options.ws_url}?streaming_token={fetch_token(options)}"
    heard_all = asyncio.Event()
    async with websockets.connect(url, max_size=None, ping_interval=5) as socket:
        start = {"type": "start", "sample_rate": 16000, "channels": 1, "single_utterance": False, "vad": options.vad}
        await socket.send(json.dumps(start))
        both = [asyncio.create_task(send(socket, options, heard_all)), asyncio.create_task(receive(socket, heard_all))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*both)
    report("close", code=socket.close_code)


asyncio.run(main(arguments(__doc__)))
