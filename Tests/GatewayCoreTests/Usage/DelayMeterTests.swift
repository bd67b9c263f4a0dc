import GatewayCore
import Testing

@Suite("Delay meter")
struct DelayMeterTests {
    @Test("nothing is known without audio or without a transcript")
    func nothing() {
        var meter = DelayMeter()
        meter.transcriptCame(isFinal: true, at: 5)
        #expect(meter == DelayMeter())
        meter.audioCame(at: 6)
        #expect(meter.firstTranscript == nil && meter.finalMedian == nil && meter.finalLongest == nil)
    }

    @Test("the first transcript is counted from the first audio, finals from the last audio before them")
    func delays() {
        var meter = DelayMeter()
        meter.audioCame(at: 100)
        meter.audioCame(at: 200)
        meter.transcriptCame(isFinal: false, at: 450)
        #expect(meter.firstTranscript == 350)
        #expect(meter.finalMedian == nil)
        meter.transcriptCame(isFinal: true, at: 500)
        meter.audioCame(at: 600)
        meter.transcriptCame(isFinal: true, at: 620)
        meter.transcriptCame(isFinal: true, at: 1600)
        #expect(meter.firstTranscript == 350)
        #expect(meter.finalMedian == 300)
        #expect(meter.finalLongest == 1000)
    }
}
