"""The vendor's SDK, unchanged but for its two URLs and the key."""

import asyncio

from fennec_asr import Realtime
from recording import arguments, pieces, report, samples


async def main(options):
    realtime = Realtime(
        options.api_key, base_url=options.base_url, ws_url=options.ws_url, vad=options.vad, detect_thoughts=False
    )
    realtime.on("open", lambda: report("open"))
    realtime.on("partial", lambda text: report("partial", text=text))
    realtime.on("final", lambda text: report("final", text=text))
    realtime.on("error", lambda error: report("error", text=repr(error)))
    realtime.on("close", lambda: report("close"))
    sent = 0
    async with realtime:
        for piece in pieces(samples(options.recording), options.message_bytes):
            await realtime.send_bytes(piece)
            sent += len(piece)
        await realtime.send_eos()
        async for _ in realtime.messages():
            pass
    report("sent", bytes=sent)


asyncio.run(main(arguments(__doc__)))
