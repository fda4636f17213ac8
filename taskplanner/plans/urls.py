"""The routes of projects and plans."""

from django.urls import URLPattern, path

from taskplanner.plans.views import editor, exchange, history, links, projects, settings, tasks

urlpatterns: list[URLPattern] = [
    path("", projects.home, name="home"),
    path("schema.json", exchange.schema, name="schema"),
    # Projects
    path("projects/", projects.add_project, name="add_project"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/rename/", projects.rename_project, name="rename_project"),
    path("projects/<int:pk>/delete/", projects.delete_project, name="delete_project"),
    path("projects/<int:pk>/files/", projects.files, name="files"),
    path("projects/<int:pk>/files/set/", projects.set_files, name="set_files"),
    path("projects/<int:pk>/plans/", projects.add_plan, name="add_plan"),
    path("projects/<int:pk>/plans/preview/", projects.preview_plans, name="preview_plans"),
    path("projects/<int:pk>/plans/keep/", projects.keep_plans, name="keep_plans"),
    # The editor's views of a plan
    path("plans/<int:pk>/", editor.graph, name="plan"),
    path("plans/<int:pk>/ownership/", editor.ownership, name="ownership"),
    path("plans/<int:pk>/timeline/", editor.timeline, name="timeline"),
    path("plans/<int:pk>/tasks/", editor.tasks, name="tasks"),
    path("plans/<int:pk>/history/", history.history, name="history"),
    path("plans/<int:pk>/delete/", projects.delete_plan, name="delete_plan"),
    # Its panels
    path("plans/<int:pk>/folder/", editor.folder, name="folder"),
    path("plans/<int:pk>/overview/", editor.overview, name="overview"),
    path("plans/<int:pk>/figures/", editor.figures, name="figures"),
    path("plans/<int:pk>/changes/", editor.changes, name="changes"),
    path("plans/<int:pk>/agents/", editor.set_agents, name="set_agents"),
    path("plans/<int:pk>/settings/", settings.plan_settings, name="plan_settings"),
    path("plans/<int:pk>/settings/edit/", settings.edit_plan, name="edit_plan"),
    path("plans/<int:pk>/settings/<str:kind>/", settings.add_row, name="add_row"),
    path("plans/<int:pk>/settings/<str:kind>/<str:uid>/rename/", settings.rename_row, name="rename_row"),
    path("plans/<int:pk>/settings/<str:kind>/<str:uid>/move/", settings.move_row, name="move_row"),
    path("plans/<int:pk>/settings/<str:kind>/<str:uid>/remove/", settings.remove_row, name="remove_row"),
    # Tasks and their claims
    path("plans/<int:pk>/tasks/add/", tasks.add_task, name="add_task"),
    path("plans/<int:pk>/tasks/<str:uid>/", tasks.task, name="task"),
    path("plans/<int:pk>/tasks/<str:uid>/edit/", tasks.edit_task, name="edit_task"),
    path("plans/<int:pk>/tasks/<str:uid>/remove/", tasks.remove_task, name="remove_task"),
    path("plans/<int:pk>/tasks/<str:uid>/move/", tasks.move_task, name="move_task"),
    path("plans/<int:pk>/tasks/<str:uid>/progress/", tasks.set_progress, name="set_progress"),
    path("plans/<int:pk>/claims/add/", tasks.add_claim, name="add_claim"),
    path("plans/<int:pk>/claims/remove/", tasks.remove_claim, name="remove_claim"),
    # Dependencies and verdicts
    path("plans/<int:pk>/dependencies/", links.dependency_form, name="dependency_form"),
    path("plans/<int:pk>/dependencies/add/", links.add_dependency, name="add_dependency"),
    path("plans/<int:pk>/dependencies/remove/", links.remove_dependency, name="remove_dependency"),
    path(
        "plans/<int:pk>/dependencies/<str:predecessor>/<str:successor>/", links.dependency, name="dependency"
    ),
    path("plans/<int:pk>/pairs/<str:first>/<str:second>/", links.pair, name="pair"),
    path("plans/<int:pk>/pairs/<str:first>/<str:second>/rule/", links.rule, name="rule"),
    # History
    path("plans/<int:pk>/undo/", history.undo, name="undo"),
    path("plans/<int:pk>/redo/", history.redo, name="redo"),
    path("plans/<int:pk>/undo-buttons/", history.undo_buttons, name="undo_buttons"),
    # In and out
    path("plans/<int:pk>/export/", exchange.export_page, name="export"),
    path("plans/<int:pk>/plan.yaml", exchange.export_yaml, name="export_yaml"),
    path("plans/<int:pk>/export/file/", exchange.export_file, name="export_file"),
    path("plans/<int:pk>/export/drawing/", exchange.export_drawing, name="export_drawing"),
    path("plans/<int:pk>/import/", exchange.import_page, name="import"),
    path("plans/<int:pk>/import/preview/", exchange.preview_import, name="preview_import"),
    path("plans/<int:pk>/import/apply/", exchange.apply_import, name="apply_import"),
    path("api/plans/<int:pk>/plan.yaml", exchange.export_yaml_for_programs, name="api_export_yaml"),
]
