# Reads winners.csv as spreadsheets write it: with a byte order mark, Windows line ends,
# semicolons, empty lines, and blanks around the values. What is wrong is listed with
# the row's number, as the spreadsheet shows it, before anything is bought.

locals {
  text  = replace(replace(trimprefix(file("${path.module}/${var.winners_file}"), "\ufeff"), "\r\n", "\n"), "\r", "\n")
  lines = [for i, line in split("\n", local.text) : { row = i + 1, text = line } if replace(line, "/[\\s,;\"]/", "") != ""]

  header    = try(local.lines[0], { row = 1, text = "" })
  separator = length(regexall(",", local.header.text)) > 0 ? "," : ";"
  columns   = [for i, name in split(local.separator, local.header.text) : coalesce(lower(trim(trimspace(name), "\"")), "column ${i + 1}")]
  missing   = setsubtract(["winner", "country", "products", "face_value", "email"], local.columns)

  # Each line is decoded by itself, so that one bad line is one message. csvdecode knows
  # commas only.
  rows = [for i, line in local.lines : {
    row = line.row
    values = try({
      for name, value in csvdecode(join("\n", [
        join(",", local.columns),
        local.separator == "," ? line.text : join(",", [for value in split(";", line.text) : "\"${trim(trimspace(value), "\"")}\""]),
      ]))[0] : name => trimspace(value)
    }, null)
  } if i > 0]

  complete = [for row in local.rows : row if row.values != null && length(local.missing) == 0]
  by_id    = { for row in local.complete : row.values.winner => row... }

  # By id. A bar between several products leaves the choice to the winner.
  winners = {
    for id, rows in local.by_id : id => merge(rows[0].values, {
      row      = rows[0].row
      products = [for code in split("|", rows[0].values.products) : trimspace(code)]
    })
  }

  mistakes = concat(
    [for name in local.missing : "row ${local.header.row}: there is no column \"${name}\"." if length(local.lines) > 0],
    length(local.rows) == 0 ? ["There is no winner in it."] : [],
    [for row in local.rows : "row ${row.row}: it does not have as many columns as row ${local.header.row}, which are ${length(local.columns)}." if row.values == null],
    flatten([for row in local.complete : [
      for mistake in [
        { found = !can(regex("^[^\\s\\p{Zs}]+$", row.values.winner)), text = "winner \"${row.values.winner}\" is empty or has a blank in it." },
        { found = !can(regex("^[A-Z]{2}$", row.values.country)), text = "country \"${row.values.country}\" is not a code of two capital letters, such as US." },
        { found = !can(regex("^[^\\s\\p{Zs}|]+(\\s*[|]\\s*[^\\s\\p{Zs}|]+)*$", row.values.products)), text = "products \"${row.values.products}\" has a code that is empty or has a blank in it. Write a bar between two codes." },
        { found = !try(tonumber(row.values.face_value) > 0, false), text = "face_value \"${row.values.face_value}\" is not a number above 0, such as 12.50." },
        { found = !can(regex("^([^\\s\\p{Zs}@]+@[^\\s\\p{Zs}@]+)?$", row.values.email)), text = "email is not an e-mail address. Leave it empty for a link." },
      ] : "row ${row.row}: ${mistake.text}" if mistake.found
    ]]),
    [for id, rows in local.by_id : "rows ${join(" and ", rows[*].row)}: winner \"${id}\" is there more than once." if length(rows) > 1],
  )
}
