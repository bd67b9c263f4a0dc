// The settings of the page as programs that one can copy.

const STREAM = "/api/v1/transcribe/stream";

/** `values` as an object literal of JavaScript or a dict of Python; `indent` leads its later lines. */
function literal(values, indent, quote) {
  const names = Object.keys(values);
  if (!names.length) return "{}";
  return `{\n${names.map((name) => `${indent}  ${quote}${name}${quote}: ${JSON.stringify(values[name])},\n`).join("")}${indent}}`;
}

export function snippet(language, { vad, policy }) {
  const { origin, host, protocol } = location;
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}${STREAM}`;
  const query = policy ? `?policy=${encodeURIComponent(policy)}` : "";
  const some = Object.keys(vad).length > 0;
  switch (language) {
    case "javascript":
      return `import { FennecGateway } from "${origin}/gateway/client.js";

const t = await FennecGateway.connect({
  source: "microphone",${policy ? `\n  policy: ${JSON.stringify(policy)},` : ""}${some ? `\n  vad: ${literal(vad, "  ", "")},` : ""}
});
t.on("partial", ({ text }) => console.log("…", text));
t.on("final", ({ text }) => console.log(text));

// later: everything that was said, then the end
await t.stop();
`;
    case "python":
      return `# pip install fennec-asr "websockets<14"
import asyncio
from fennec_asr import Realtime

async def main():
    rt = Realtime("any text", base_url="${origin}/api/v1",
                  ws_url="${socket}${query}", sample_rate=16000${some ? `,\n                  vad=${literal(vad, "                  ", '"')}` : ""})
    rt.on("final", print)
    async with rt:
        with open("speech.pcm", "rb") as audio:      # 16 kHz, mono, 16 bits
            while chunk := audio.read(3200):
                await rt.send_bytes(chunk)
                await asyncio.sleep(0.1)
        await rt.send_eos()
        async for _ in rt.messages():
            pass

asyncio.run(main())
`;
    case "websocat": {
      const start = JSON.stringify({ type: "start", sample_rate: 16000, channels: 1, ...(some && { vad }) });
      return `websocat '${socket}${query}'
# then the first line, and {"type":"ready"} comes back:
${start}

# with sound, the gateway's own client:
fennec-gateway stream speech.wav --url '${socket}${query}'${Object.entries(vad).map(([name, value]) => ` \\\n  --vad ${name}=${value}`).join("")}
`;
    }
  }
}
