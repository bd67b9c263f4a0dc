import Testing

@testable import GatewayConfig

@Suite("A key written into the file by mistake")
struct SecretPlaceTests {
    @Test(
        "is never repeated in the report",
        arguments: [
            "upstream: { api_key: SECRET }\n",
            "upstream: { api_key: \"SECRET\", token_url: \"ftp://x\", nonsense: 1 }\n",
            "upstream:\n  api_key: |\n    SECRET\n",
            "upstream: { api_key: [SECRET] }\n",
            "upstream: { api_key: { SECRET } }\n",
            "upstream: { api_key: { SECRET: SECRET, SECRET: SECRET } }\n",
            "upstream: { api_key: { value: SECRET } }\n",
            "upstream: { api_key: { credential: [SECRET], file: SECRET } }\n",
            "upstream: { api_key: { credential: \"/SECRET\" } }\n",
            "upstream: { api_key: { file: SECRET } }\n",
            "upstream: { api_key: !SECRET x }\n",
            "upstream: { api_key: &SECRET SECRET }\n",
            "upstream: { api_key: *SECRET }\n",
            "upstream: { api_key: { ? [SECRET] : SECRET } }\n",
            "upstream: { api_key: { [SECRET]: SECRET } }\n",
            "upstream: { api_kye: SECRET }\n",
            "upstream: { api_key: { credential: k }, api_key: SECRET }\n",
            "upstream: { api_key: { credential: k }, ? [x] : SECRET }\n",
            "upstream: { api_key: { credential: k, credential: SECRET } }\n",
            "api_key: SECRET\n",
            "log: { api_key: SECRET }\n",
            "upstream: { api_key: { credential: k }, token_url: \"https://SECRET@a/\" }\n",
            "upstream: { api_key: { credential: k }, stream_url: \"wss://a/?streaming_token=SECRET\" }\n",
            "upstream:\n  api_key: \"SECRET: x\n",
            "upstream:\n  api_key: SECRET: x\n",
            "upstream:\n  - SECRET\n  apikey: x\n - SECRET0123456789abcdef\n",
            "listeners: [{ name: a, address: \"1.1.1.1:1\", tls: { certificate: /there/c, key: \"-----BEGIN SECRET\" } }]\n",
        ])
    func isNeverRepeated(text: String) {
        let problems = Sample.problems(text)
        let report = ConfigReport.render(problems, path: "f")
        #expect(!problems.isEmpty)
        #expect(!report.contains("SECRET"))
    }

    @Test("is refused with directions")
    func isRefusedWithDirections() throws {
        let problems = Sample.problems(Sample.listeners + Sample.access + "upstream: { api_key: sk-123 }\n")
        #expect(
            ConfigReport.render(problems, path: "f") == """
                f:3:22: upstream.api_key: a literal key is refused
                  3 | upstream: { api_key: *** }
                    |                      ^
                  keep the key out of this file: store it as a systemd credential and write \
                api_key: { credential: fennec-api-key }, or in a file that only the gateway can read and write \
                api_key: { file: /etc/fennec-gateway/api-key }

                """)
    }
}
