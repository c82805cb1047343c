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
``examiner``        outside: runs the test cells, with stand-ins for the learner's names
``marking``         one submission from folder to points
``preprocessors``   the same behind stock ``nbgrader autograde``
``course``          the folders of a course, names that may become paths, the lock
``release``         the students' version, looked at before anybody gets it
``collect``         what was downloaded (``downloads``) to the class (``roster``)
``batch``           a whole class: what is to be marked, and its results, each whole
``gradebook``       nbgrader's gradebook, and why a result is what it is
``late``            nbgrader's plugin for late submissions
``feedback``        a page for each student
``export``          marks for Canvas, Moodle or a table
``clean``           makes harmless what nbgrader's own pages show
``cli``             the command ``nnbook``
==================  ===================================================================
"""
