import ArgumentParser
import GatewayCore

/// Where a running gateway's admin listener is.
struct AdminOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The admin listener: 127.0.0.1:9780, or unix:/run/fennec-gateway/admin.sock.", valueName: "address"),
        transform: AdminClient.endpoint)
    var admin: SocketEndpoint = AdminSettings().address

    var client: AdminClient { AdminClient(endpoint: admin) }
}
