import StudyKit
import Testing

@testable import study_zoom

@Suite("Chosen widths") struct ChosenWidthsTests {
  @Test("quartiles are linear between the values around them; nothing has none")
  func quartiles() throws {
    let five = try #require(ChosenWidths("zoom", 1, sizes: nil, [50, 10, 40, 20, 30]))
    #expect(five.quartiles == (20, 30, 40))
    let four = try #require(ChosenWidths("zoom", 1, sizes: nil, [10, 20, 30, 40]))
    #expect(four.quartiles == (17.5, 25, 32.5))
    #expect(try #require(ChosenWidths("zoom", 1, sizes: nil, [7])).quartiles == (7, 7, 7))
    #expect(ChosenWidths("zoom", 1, sizes: nil, []) == nil)
  }

  @Test("a row counts glimpses from 1 and leaves the sizes empty that it is not of")
  func rows() throws {
    let rows = [
      ChosenWidths("zoom", 1, sizes: nil, [12]), ChosenWidths("zoom", 5, sizes: 28...34, [24, 24]),
    ].compactMap(\.self)
    #expect(
      try Table.widths.text(of: rows).hasSuffix(
        "\nzoom,2,,,1,12.000,12.000,12.000\nzoom,6,28,34,2,24.000,24.000,24.000\n"))
  }
}
