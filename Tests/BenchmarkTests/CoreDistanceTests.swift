import Testing

@testable import benchmark

@Test("a handover takes some time, and less than a thread's time slice")
func handover() throws {
  let time = try CoreDistance().measure().nanosecondsPerHandover
  #expect(time > 1 && time < 1e7)
}

@Test("cores are far apart when a handover takes more than 2.5 times the shortest so far")
func nearness() {
  var nearness = Nearness()
  let far = [200, 45, 110, 113, 40, 101].map { nearness.isFar(Handover(nanosecondsPerHandover: $0)) }
  #expect(far == [false, false, false, true, false, true])
}
