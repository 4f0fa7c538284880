"""The figures of the sheets that an office prints: for the morning, the meeting, the leadership, the officer.

None of them holds a word of a reporter: not even the label of a case, which may repeat where or what was said.
"""
