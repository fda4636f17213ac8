"""The WSGI application, for waitress here and gunicorn in the container."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taskplanner.settings")
application = get_wsgi_application()
