extension SQLiteDatabase {
    /// Runs `body` in one transaction that holds the write lock from its beginning; commits when it returns, rolls
    /// back when it throws. Transactions don't nest.
    package func transaction<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A full disk may have rolled back already; then there is nothing left to do.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Brings the schema up to date: `steps[n]` leads from version `n` to `n + 1` of `user_version`, each in a
    /// transaction of its own.
    /// - Throws: `SQLiteError` of kind `tooNew` when the file has had more steps than there are.
    package func migrate(_ steps: [String]) throws(SQLiteError) {
        let found = try version()
        guard found <= steps.count else {
            throw SQLiteError(kind: .tooNew, code: 0, message: "", path: path)
        }
        for index in found..<steps.count {
            try transaction { () throws(SQLiteError) in
                // Another process may have been faster.
                guard try version() == index else { return }
                try execute(steps[index])
                try execute("PRAGMA user_version = \(index + 1)")
            }
        }
    }

    /// How many steps of `migrate` the file has had.
    package func version() throws(SQLiteError) -> Int {
        try rows("PRAGMA user_version").first?.first?.integer ?? 0
    }
}
