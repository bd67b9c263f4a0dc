#ifndef FENNEC_GATEWAY_CSQLite_SHIM_H
#define FENNEC_GATEWAY_CSQLite_SHIM_H

#if !__has_include(<sqlite3.h>)
#error "<sqlite3.h> is missing: install the Debian package libsqlite3-dev (apt-get install libsqlite3-dev), or run 'make deps'"
#endif
#include <sqlite3.h>

/* SQLITE_TRANSIENT is a cast and sqlite3_db_config is variadic: Swift can use neither. SQLite copies what is bound. */

static inline int fg_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *bytes, int count) {
    return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

static inline int fg_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/* Forbids SQL that could damage the file or trust what a stranger wrote into its schema. */
static inline int fg_sqlite3_defend(sqlite3 *database) {
    int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    return result != SQLITE_OK ? result : sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

#endif
