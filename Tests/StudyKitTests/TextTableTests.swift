import Testing

@testable import StudyKit

private func example() -> TextTable {
  var table = TextTable(header: ["model", "error"])
  table.append(["ram-8", "4.08 ± 0.12 (3)"])
  table.append(["conv|fc", "16.51"])
  return table
}

@Test("on the terminal, words are aligned left and numbers right, and no line ends in spaces")
func terminalTable() {
  let expected = """
    model              error
    -------  ---------------
    ram-8    4.08 ± 0.12 (3)
    conv|fc            16.51

    """
  #expect(example().terminal == expected)
  var words = TextTable(header: ["a", "note"], alignments: [.left, .left])
  words.append(["x", ""])
  #expect(words.terminal == "a  note\n-  ----\nx\n")
}

@Test("in markdown, the rule carries the alignment and a bar in a cell is escaped")
func markdownTable() {
  let expected = """
    | model    |           error |
    | -------- | --------------: |
    | ram-8    | 4.08 ± 0.12 (3) |
    | conv\\|fc |           16.51 |

    """
  #expect(example().markdown == expected)
}
