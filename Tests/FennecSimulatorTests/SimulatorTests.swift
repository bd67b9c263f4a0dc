import GatewayWire
import NIOCore
import NIOPosix
import Testing

@testable import FennecSimulator

@Suite struct SimulatorTests {
    private let start = #"{"type":"start","sample_rate":16000,"channels":1}"#
    private let eos = ScriptedClient.Line.text(#"{"type":"eos"}"#)

    @Test("The recording becomes its three sentences, then the stream closes normally", arguments: [640, 1023, 32_000])
    func sentences(chunk: Int) async throws {
        try await SimulatorHarness.run(
            SimulatorHarness.configuration { $0.transcripts = try SpeechFixture.transcripts() }
        ) { simulator in
            let heard = try await SimulatorHarness.converse(
                simulator, [.text(start)] + SpeechFixture.lines(chunk: chunk) + [.ping, eos])
            #expect(heard.types.first == "ready")
            #expect(heard.texts("final_transcript") == SpeechFixture.texts)
            #expect(heard.values.filter { $0["is_final"]?.bool == true }.count == 3)
            #expect(!heard.texts("partial").isEmpty)
            #expect(heard.end == .closed(code: 1000, reason: ""))

            let recording = try #require(simulator.recordings.first)
            #expect(recording.start == ByteBuffer(string: start))
            #expect(try Array(recording.audio.readableBytesView) == SpeechFixture.pcm())
            #expect(recording.texts == [start, #"{"type":"eos"}"#])
            #expect(recording.target.hasPrefix(Simulator.streamPath + "?streaming_token="))
            #expect(recording.token == 1 && recording.sawEOS)
            #expect(simulator.statistics.finalsSent == 3)
        }
    }

    @Test("A key is required, and the configured one when there is one")
    func keys() async throws {
        try await SimulatorHarness.run(SimulatorHarness.configuration { $0.apiKey = "right" }) { simulator in
            let accepted = try await SimulatorHarness.mint(simulator, key: "right")
            #expect(accepted.hasPrefix("HTTP/1.1 200"))
            for key in ["wrong", nil] {
                let refused = try await SimulatorHarness.mint(simulator, key: key)
                #expect(refused.hasPrefix("HTTP/1.1 401"))
            }
            #expect(simulator.statistics.tokensMinted == 1 && simulator.statistics.mintsRefused == 2)
        }
    }

    @Test("A token opens one stream")
    func tokens() async throws {
        try await SimulatorHarness.run { simulator in
            let target = Simulator.streamPath + "?streaming_token=" + (try await SimulatorHarness.token(simulator))
            let lines = [ScriptedClient.Line.text(start), eos]
            let heard = try await ScriptedClient.converse(port: simulator.port, target: target, lines)
            #expect(heard.types == ["ready"])
            for refused in [target, Simulator.streamPath, Simulator.streamPath + "?streaming_token=x"] {
                await expectRefusal(401) {
                    try await ScriptedClient.converse(port: simulator.port, target: refused, lines)
                }
            }
            #expect(simulator.statistics.tokensRefused == 3 && simulator.statistics.upgradesAccepted == 1)
        }
    }

    private func expectRefusal(_ status: Int, _ body: () async throws -> Conversation) async {
        let error = await #expect(throws: WebSocketClient.Failure.self) { try await body() }
        guard case .refused(status)? = error else {
            Issue.record("\(String(describing: error)) instead of \(status)")
            return
        }
    }

    @Test(
        "What is no proper start ends the stream with an error",
        arguments: [
            ("nonsense", 1003), ("[]", 1003), (#"{"type":"eos"}"#, 1008), (#"{"type":"start","channels":"one"}"#, 1008),
        ])
    func badStart(text: String, code: UInt16) async throws {
        try await SimulatorHarness.run { simulator in
            let heard = try await SimulatorHarness.converse(simulator, [.text(text)])
            #expect(heard.types == ["error"])
            #expect(heard.end == .closed(code: code, reason: ""))
        }
    }

    @Test("Audio before start and a second start end the stream with an error")
    func order() async throws {
        try await SimulatorHarness.run { simulator in
            let early = try await SimulatorHarness.converse(simulator, [.audio([0, 0])])
            #expect(early.types == ["error"] && early.end == .closed(code: 1008, reason: ""))
            let twice = try await SimulatorHarness.converse(simulator, [.text(start), .text(start)])
            #expect(twice.types == ["ready", "error"] && twice.end == .closed(code: 1008, reason: ""))
        }
    }

    @Test("A single utterance ends the stream")
    func singleUtterance() async throws {
        try await SimulatorHarness.run(
            SimulatorHarness.configuration { $0.transcripts = try SpeechFixture.transcripts() }
        ) { simulator in
            let heard = try await SimulatorHarness.converse(
                simulator, [.text(#"{"type":"start","single_utterance":true}"#)] + SpeechFixture.lines())
            #expect(heard.texts("final_transcript") == [SpeechFixture.texts[0]])
            #expect(heard.end == .closed(code: 1000, reason: ""))
        }
    }

    @Test("Thoughts join what is said without a long pause")
    func thoughts() async throws {
        try await SimulatorHarness.run(
            SimulatorHarness.configuration { $0.transcripts = try SpeechFixture.transcripts() }
        ) { simulator in
            let start = #"{"type":"start","detect_thoughts":true,"end_thought_eagerness":"low"}"#
            let heard = try await SimulatorHarness.converse(simulator, [.text(start)] + SpeechFixture.lines() + [eos])
            #expect(heard.texts("complete_thought") == [SpeechFixture.texts.joined(separator: " ")])
        }
    }

    @Test("Latencies delay and change nothing")
    func latencies() async throws {
        let configuration = try SimulatorHarness.configuration { configuration in
            configuration.transcripts = try SpeechFixture.transcripts()
            configuration.partialMilliseconds = 0
            configuration.mintLatency = .milliseconds(20)
            configuration.connectLatency = .milliseconds(20)
            configuration.readyLatency = .milliseconds(50)
            configuration.finalLatency = .milliseconds(20)
        }
        try await SimulatorHarness.run(configuration) { simulator in
            let begun = NIODeadline.now()
            let heard = try await SimulatorHarness.converse(simulator, [.text(start)] + SpeechFixture.lines() + [eos])
            #expect(NIODeadline.now() - begun >= .milliseconds(110))
            #expect(heard.types == ["ready", "final_transcript", "final_transcript", "final_transcript"])
            #expect(heard.end == .closed(code: 1000, reason: ""))
        }
    }

    @Test("A recogniser's texts come in the order of the utterances")
    func recognizer() async throws {
        // The shorter ones take longer.
        let script = #"size=$(wc -c < "$1"); [ $size -lt 110000 ] && sleep 0.3; echo heard $size bytes"#
        let configuration = SimulatorHarness.configuration {
            $0.recognizer = RecognizerCommand(words: ["sh", "-c", script, "sh"])
        }
        try await SimulatorHarness.run(configuration) { simulator in
            let heard = try await SimulatorHarness.converse(simulator, [.text(start)] + SpeechFixture.lines() + [eos])
            let sizes = heard.texts("final_transcript").compactMap { Int($0.split(separator: " ")[1]) }
            #expect(sizes.count == 3)
            #expect(sizes[1] == sizes.max())
            #expect(heard.end == .closed(code: 1000, reason: ""))
        }
    }

    @Test("A recogniser that comes back after its speaker has gone harms nobody")
    func latecomer() async throws {
        let configuration = SimulatorHarness.configuration {
            $0.recognizer = RecognizerCommand(words: ["sh", "-c", "sleep 0.2; echo heard", "sh"])
            $0.finalLatency = .milliseconds(1)
        }
        try await SimulatorHarness.run(configuration) { simulator in
            let speech = [.text(start)] + (try SpeechFixture.lines())
            _ = try await SimulatorHarness.converse(simulator, speech + [.close(1000)])
            let heard = try await SimulatorHarness.converse(simulator, speech + [eos])
            #expect(heard.texts("final_transcript").count == 3)
            #expect(heard.end == .closed(code: 1000, reason: ""))
        }
    }
}
