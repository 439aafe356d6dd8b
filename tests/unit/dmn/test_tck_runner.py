from __future__ import annotations

from pathlib import Path

from engine.dmn.tck import run
from tests.unit.dmn.drawing import decision, document, input_data, literal, requires_input

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="right"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
 <resultNode name="twice"><expected><value xsi:type="xsd:double">4.0</value></expected></resultNode></testCase>
<testCase id="wrong"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
 <resultNode name="twice"><expected><value xsi:type="xsd:decimal">5</value></expected></resultNode></testCase>
<testCase id="null"><inputNode name="n"><value xsi:nil="true"/></inputNode>
 <resultNode name="twice" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
<testCase id="list"><inputNode name="n"><value xsi:type="xsd:decimal">2</value></inputNode>
 <resultNode name="both"><expected><list><item><component name="a"><value xsi:type="xsd:date">2026-03-02</value>
 </component></item></list></expected></resultNode></testCase>
<testCase id="missing"><resultNode name="nowhere"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>"""


def test_values_and_nulls_are_counted_apart(tmp_path: Path) -> None:
    folder = tmp_path / "level" / "one"
    folder.mkdir(parents=True)
    parts = [
        input_data("n", "number"),
        decision("twice", literal("n * 2"), requires=requires_input("n")),
        decision("both", literal('[{a: date("2026-03-02")}]')),
    ]
    (folder / "m.dmn").write_bytes(document("".join(parts)))
    (folder / "m-test.xml").write_text(CASES)
    report = run(tmp_path).to_json()
    assert report["value"] == {"passed": 2, "total": 3}
    assert report["null"] == {"passed": 1, "total": 2}
    assert report["failed"][0] == {"model": "m.dmn", "case": "wrong", "node": "twice", "expected": "5", "found": "4"}
    assert report["failed"][1]["case"] == "missing"


def test_a_model_that_cannot_be_read_fails_every_case(tmp_path: Path) -> None:
    (tmp_path / "m.dmn").write_text("<nothing/>")
    (tmp_path / "m-test.xml").write_text(CASES)
    report = run(tmp_path)
    assert (report.value.passed, report.null.passed, len(report.failed)) == (0, 0, 5)


def test_what_is_no_test_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "m.dmn").write_bytes(b"\xef\xbb\xbf" + document(decision("twice", literal("4"))))
    (tmp_path / "broken.dmn").write_text("<definitions>")
    (tmp_path / "broken.xml").write_text("<testCases>")
    (tmp_path / "empty.xml").write_text("")
    (tmp_path / "folder.xml").mkdir()
    (tmp_path / "m-test.xml").write_text(CASES.replace(">4.0<", ">NaN<").replace(">5<", ">five<"))
    report = run(tmp_path)
    assert (report.value.passed, report.value.total) == (0, 3)


def test_a_case_may_call_a_business_knowledge_model(tmp_path: Path) -> None:
    model = (
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        f"{literal('n * 2')}</encapsulatedLogic></businessKnowledgeModel>"
    )
    (tmp_path / "m.dmn").write_bytes(document(model))
    cases = CASES.replace("<testCase ", '<testCase type="bkm" invocableName="k" ')
    (tmp_path / "m-test.xml").write_text(cases)
    report = run(tmp_path)
    assert (report.value.passed, report.null.passed) == (1, 2)
