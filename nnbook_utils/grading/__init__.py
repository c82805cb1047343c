"""Grading a class: safe, fair and fast.

What a learner handed in runs in a bubblewrap sandbox, in a process that is forked for
it and dies with it. The test cells run in a process of the grader's own. Between the
two nothing crosses but plain data and arrays, so a mark can be earned in one way only:
by returning right values.

==================  ===================================================================
``limits``          how much time, memory, output... a submission may use
``wire``            plain data and arrays as bytes, and back
``rebuild``         any bytes handed in -> the instructor's notebook with their answers
``sandbox``         the bubblewrap command
``worker``          inside the sandbox: runs the learner's cells
``trusted``         outside: runs the test cells, with stand-ins for the learner's names
``marking``         one submission from folder to points
``preprocessors``   the same behind stock ``nbgrader autograde``
==================  ===================================================================
"""
